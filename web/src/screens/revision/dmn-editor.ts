// The decision table editor of bpmn.io, dressed in our words and colours. Fetched when it is opened.
//
// In:    DMN XML. Out: the XML as edited; its annotations stand where the standard has them.
// Never: offers what a pack has no word for (types, values, remarks, languages, outputs); hides the mark of bpmn.io.
import 'dmn-js-shared/assets/css/dmn-js-shared.css';
import 'dmn-js-decision-table/assets/css/dmn-js-decision-table.css';
import 'dmn-js-decision-table/assets/css/dmn-js-decision-table-controls.css';
import 'dmn-font/dist/css/dmn-codes.css';
import './dmn-editor.css';
import { feelBuiltins } from '@camunda/feel-builtins';
import EditingManager from 'dmn-js-shared/lib/base/EditingManager';
import Manager from 'dmn-js-shared/lib/base/Manager';
import Editor from 'dmn-js-decision-table/lib/Editor';
import Viewer from 'dmn-js-decision-table/lib/Viewer';
import DecisionTableProperties from 'dmn-js-decision-table/lib/features/decision-table-properties/DecisionTableProperties';
import { language } from '@/words';
import { dmnEditor } from '@/words/zh/dmn-editor';

interface Rule {
  description?: string;
  annotationEntry?: { text?: string }[];
  $model: { create: (type: string, values: object) => { text?: string } };
}
interface Table {
  rule?: Rule[];
  input?: { inputExpression?: { text?: string } }[];
  output?: { label?: string; name?: string }[];
}
interface Definitions {
  drgElement?: { $type: string; decisionLogic?: Table }[];
}
interface Resolver {
  registerProvider(provider: { getVariables: (found: { name: string }[]) => { name: string }[] }): void;
}
export interface OpenedTable {
  open(xml: string): Promise<void>;
  xml(): Promise<string>;
  // As they stand: what each column is called, inputs before outputs.
  columns(): { inputs: string[]; outputs: string[] };
  close(): void;
}

function inWords(words: string, blanks: Record<string, string> = {}): string {
  const sentence = language.value === 'zh' ? (dmnEditor[words] ?? words) : words;
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => blanks[name] ?? '');
}

const nothing = ['value', null];
const kept = { translate: ['value', inWords] };
const withoutDeadEnds = {
  ...kept,
  description: nothing,
  expressionLanguage: nothing,
  typeRefEditingProvider: nothing,
  allowedValuesEditingProvider: nothing,
  allowedValuesUpdateBehavior: nothing,
  decisionTableProperties: ['type', DecisionTableProperties], // the name is changed in the text
};
const opens = { id: 'decisionTable', opens: (element: { $type: string }) => element.$type === 'dmn:Decision' };
class TableEditor extends EditingManager {
  _getViewProviders() {
    return [{ ...opens, constructor: Editor }];
  }
}
class TableViewer extends Manager {
  _getViewProviders() {
    return [{ ...opens, constructor: Viewer }];
  }
}

// `names`: what may be written in this block, offered while one writes.
export function openTable(container: HTMLElement, readonly: boolean, names: string[], changed: () => void): OpenedTable {
  const modules = [readonly ? kept : withoutDeadEnds];
  const manager = new (readonly ? TableViewer : TableEditor)({
    container,
    height: 'auto',
    decisionTable: { additionalModules: modules, feelLanguageContext: { builtins: feelBuiltins } }, // those of the standard
  });
  const table = () =>
    (manager.getDefinitions() as Definitions | undefined)?.drgElement?.find((e) => e.$type === 'dmn:Decision')?.decisionLogic;
  // The editor keeps a note in the description of its rule, the standard in an annotation.
  manager.on('import.parse.complete', (event) => {
    const decisions = (event.definitions as Definitions | undefined)?.drgElement ?? [];
    for (const rule of decisions.flatMap((d) => d.decisionLogic?.rule ?? [])) {
      rule.description = (rule.annotationEntry ?? []).map((a) => a.text ?? '').join('') || undefined;
      delete rule.annotationEntry;
    }
  });
  manager.on('viewer.created', (event) => {
    const viewer = event.viewer as { on: (name: string, heard: () => void) => void; get: (service: string) => Resolver };
    viewer.on('commandStack.changed', changed);
    if (!readonly)
      viewer.get('variableResolver').registerProvider({
        getVariables: (found) => [...found, ...names.filter((name) => !found.some((f) => f.name === name)).map((name) => ({ name }))],
      });
  });
  return {
    open: async (xml) => void (await manager.importXML(xml)),
    async xml() {
      const rules = table()?.rule ?? [];
      const notes = rules.map((rule) => rule.description);
      rules.forEach((rule, i) => {
        rule.annotationEntry = [rule.$model.create('dmn:RuleAnnotation', { text: notes[i] ?? '' })];
        delete rule.description;
      });
      const saved = manager.saveXML();
      rules.forEach((rule, i) => {
        delete rule.annotationEntry;
        rule.description = notes[i];
      });
      return (await saved).xml;
    },
    columns: () => ({
      inputs: (table()?.input ?? []).map((i) => i.inputExpression?.text ?? ''),
      outputs: (table()?.output ?? []).map((o) => o.label ?? o.name ?? ''),
    }),
    close: () => manager.destroy(),
  };
}
