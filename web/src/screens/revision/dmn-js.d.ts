// What we use of the decision table editor, which comes without types.
declare module 'dmn-js-shared/lib/base/Manager' {
  export interface Viewer {
    get<T>(name: string): T;
  }
  export default class Manager {
    constructor(options: Record<string, unknown>);
    importXML(xml: string): Promise<{ warnings: unknown[] }>;
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>;
    getDefinitions(): unknown;
    getActiveViewer(): Viewer | undefined;
    on(event: string, heard: (event: Record<string, unknown>) => void): void;
    destroy(): void;
  }
}
declare module 'dmn-js-shared/lib/base/EditingManager' {
  import Manager from 'dmn-js-shared/lib/base/Manager';
  export default class EditingManager extends Manager {}
}
declare module 'dmn-js-decision-table/lib/Editor' {
  const Editor: unknown;
  export default Editor;
}
declare module 'dmn-js-decision-table/lib/Viewer' {
  const Viewer: unknown;
  export default Viewer;
}
declare module 'dmn-js-decision-table/lib/features/decision-table-properties/DecisionTableProperties' {
  const DecisionTableProperties: unknown;
  export default DecisionTableProperties;
}
