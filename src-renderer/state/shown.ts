/** Whether the panel around a component can be seen: what lies behind another tab asks the engine for nothing. */
import { createContext } from 'react';

/** True outside of panels: the strip, dialogs and emergency mode are always seen while they are there. */
export const ShownContext = createContext(true);
