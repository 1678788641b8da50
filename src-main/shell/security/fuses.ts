/** Security checklist 19: what is switched in the Electron binary that is shipped; written when packaging, and read back from the result. */

/** Names are those of FuseV1Options in @electron/fuses. */
export const PACKAGED_FUSES = {
  /** The binary is not a Node for others to run; our own processes are utility processes. */
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** Pages come from desk://, so file:// needs no privileges. */
  GrantFileProtocolExtraPrivileges: false,
} as const;
