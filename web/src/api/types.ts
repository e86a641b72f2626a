// Names for the shapes of the server's description (schema.d.ts is generated from it; nothing is added here).
import type { FigureValue } from '@/parts/figure/figure';
import type { Spoken } from '@/words';

export interface Session {
  account: string;
  name: string;
  unit: string;
  roles: string[];
  operations: string[];
  mark: string;
  version: string;
  today: string;
  csrf_token: string;
  needs_set_up?: boolean;
  second_factor_due?: boolean;
}
export interface Clause {
  id: string;
  title: string;
  summary: string;
  blocks: { kind: string; id: string; name: string }[];
}
export interface Pack {
  id: string;
  name: string;
  document: string;
  area: string;
  area_name: string;
  valid_from: string;
  valid_to: string;
  mark: string;
  clauses: Clause[];
  periods: string[];
  default_period: string;
}
export interface Block {
  kind: string;
  id: string;
  name: string;
  clause: string;
  source?: string;
  text: string;
  fields: { name: string; value: string }[];
  table?: { columns: string[]; rows: string[][] };
  used_by: { kind: string; id: string; name: string }[];
  file: string;
  line: number;
}
export interface Gap {
  id: string;
  parameter: string;
  keys: string;
  question: string;
  asked_of: string;
  blocks: string[];
  value?: string;
  document?: string;
  effective?: string;
  state: 'open' | 'proposed' | 'filled';
}
export interface RegisterLine {
  id: string;
  name: string;
  number?: string;
  clause: string;
  period_kind: string;
  of?: string;
  kind: string;
  count: number;
}
export interface RegisterField {
  id: string;
  name: string;
  type: string;
  unit?: string;
  required: boolean;
  required_when?: string;
  codes?: { code: string; name: string }[];
  codes_ref?: string;
  to?: string;
  provider?: string;
  sensitivity?: string;
  hint?: string;
  minimum?: string;
  maximum?: string;
  computed?: boolean;
  places?: number;
  key?: boolean;
}
export interface RegisterSchema extends RegisterLine {
  key: string[];
  fields: RegisterField[];
  may: { create: boolean; edit: boolean; import: boolean; export: boolean };
}
export interface Cell {
  text?: string;
  code?: string;
  figure?: FigureValue;
  state?: string;
}
export interface RecordList {
  columns: { id: string; name: string; type: string; unit?: string }[];
  rows: { key: string; title: string; cells: Record<string, Cell> }[];
  sums: Record<string, FigureValue>;
  unknown: number;
  total: number;
  page: number;
  size: number;
  words: Spoken[];
}
export interface Origin {
  source: string;
  file?: string;
  sheet?: string;
  row?: number;
  cell?: string;
  provider: string;
  submitter: string;
  at: string;
  batch: string;
}
export interface RecordField {
  id: string;
  name: string;
  type?: string;
  unit?: string;
  cell: Cell;
  origin?: Origin;
  rivals: { text: string; origin: Origin }[];
  confirmed?: boolean;
  editable: boolean;
  why_not?: Spoken;
}
export interface RecordPage {
  key: string;
  title: string;
  period?: string;
  etag: string;
  fields: RecordField[];
  related: { register: string; name: string; count: number; where: string }[];
}
export interface Saved {
  receipt: string;
  key?: string;
  changed: { field: string; from: string; to: string }[];
  undo_until?: string;
}
export interface HistoryEvent {
  at: string;
  who: string;
  unit: string;
  what: Spoken;
  changes: { field: string; from: string; to: string }[];
}
export interface FindingDto {
  code: string;
  severity: string;
  place?: string;
  pointer?: string;
  clause?: string;
  message: Spoken;
  advice?: Spoken;
}
export interface Import {
  id: string;
  file: string;
  state: 'checking' | 'needs_mapping' | 'done' | 'refused' | 'failed';
  progress: { rows: number; of?: number };
  sheets: {
    sheet: string;
    register: string;
    header_row: number;
    period?: string;
    columns: { letter: string; label: string; field?: string; field_name?: string; unit?: string; how: string; offered?: string }[];
    rows_read: number;
    accepted: number;
    unchanged: number;
    refused: number;
  }[];
  differences: Spoken[];
  findings: FindingDto[];
  finding_groups: { code: string; title: Spoken; count: number; cells: string[] }[];
  problems_href?: string;
  at?: string;
  provider?: string;
}
export interface Item {
  id: string;
  register: string;
  field?: string;
  name: string;
  provider: string;
  due: string;
  state: 'not_sent' | 'sent' | 'questioned' | 'confirmed' | 'locked';
  days_late?: number;
  missing_count?: number;
  may: { confirm: boolean; import: boolean; remind: boolean };
}
export interface Items {
  items: Item[];
  locked?: { at: string; by: string; snapshot: string };
  overdue: { unit: string; items: number; days: number; text: string }[];
}
export interface Rival {
  id: string;
  register: string;
  key: string;
  title: string;
  period: string;
  field: string;
  name: string;
  options: { text: string; origin: Origin }[];
}
export interface ImpactLine {
  name: string;
  kind: string;
  before: string;
  after: string;
}
export interface Impact {
  sentence: Spoken;
  lines: ImpactLine[];
}
export interface Correction {
  id: string;
  title: string;
  register: string;
  key: string;
  period: string;
  field: string;
  from: string;
  to: string;
  reason: string;
  state: string;
  proposed_by: string;
  proposed_at: string;
  may: { approve: boolean; why_not?: Spoken };
  impact?: Impact;
}
export interface SchemeSummary {
  id: string;
  name: string;
  clause: string;
  source: string;
  balance: { due: number; rated: number; exempt: number; not_rated: number; holds: boolean };
  grades: { grade: string; name: string; count: number; share: FigureValue }[];
  by_town: { town: string; name: string; counts: Record<string, number> }[];
  distribution: { from?: string; to?: string; count: number }[];
  refusals: Spoken[];
}
export interface ResultSummary {
  run: string;
  fingerprint: string;
  period: string;
  marks: string[];
  schemes: SchemeSummary[];
  rosters: { id: string; name: string; clause: string; listed: number; due: number }[];
}
export interface RankedRow {
  key: string;
  code: string;
  name: string;
  town: string;
  town_name: string;
  industry_name: string;
  grade: string;
  rank: number;
  total: FigureValue;
  reason?: Spoken;
}
export interface RankedList {
  rows: RankedRow[];
  total: number;
  page: number;
  size: number;
}
export interface SourceDto {
  name: string;
  figure: FigureValue;
  file?: string;
  cell?: string;
  provider?: string;
}
export interface ScoreRow {
  id: string;
  label: string;
  value: FigureValue;
  base?: FigureValue;
  full: FigureValue;
  score: FigureValue;
  note?: Spoken;
  formula: string;
  sources: SourceDto[];
}
export interface EnterpriseResult {
  scheme: string;
  name: string;
  clause: string;
  source: string;
  standing: 'rated' | 'exempt' | 'not_rated';
  reason?: Spoken;
  grade?: string;
  grade_name?: string;
  rank?: number;
  of?: number;
  total: FigureValue;
  rows: ScoreRow[];
  adjustments: { rule: string; points: FigureValue }[];
  veto?: Spoken;
  cuts: { grade: string; at: string }[];
  distance?: Spoken;
  peers: { share: string }[];
  own_share?: string;
  peers_low?: FigureValue;
  peers_high?: FigureValue;
  sentence?: Spoken;
}
export interface Enterprise {
  code: string;
  name: string;
  town_name: string;
  industry_name: string;
  park?: string;
  facts: { name: string; figure: FigureValue }[];
  results: EnterpriseResult[];
  lists: { roster: string; name: string; listed: boolean; why: Spoken }[];
  history: { period: string; grade?: string; total: FigureValue; rank?: number }[];
  neighbours: { before?: string; after?: string };
}
export interface RiseStep {
  field: string;
  from: FigureValue;
  to: FigureValue;
  grade: string;
  total: FigureValue;
  verified: boolean;
  words: Spoken;
}
export interface RiseReport {
  sentence: Spoken;
  steps: RiseStep[];
  cheapest?: { steps: RiseStep[]; words: Spoken };
  by_rank: boolean;
}
export interface Explanation {
  label: string;
  figure?: FigureValue;
  formula?: string;
  clause?: string;
  source?: string;
  words?: Spoken;
  because: Explanation[];
}
export interface TargetLine {
  id: string;
  name: string;
  group: string;
  clause: string;
  unit: string;
  kind: string;
  comparator: string;
  goal: FigureValue;
  now: FigureValue;
  gap: FigureValue;
  share?: string;
  pace?: string;
  forecast?: {
    share: string;
    low: string;
    high: string;
    figure: FigureValue;
    low_figure: FigureValue;
    high_figure: FigureValue;
    method: Spoken;
  };
  lamp: 'ok' | 'warn' | 'late' | 'none';
  lead: string;
  participants: string[];
  words: Spoken;
  awaits?: Spoken;
  same_as?: string;
}
export interface Targets {
  sentence: Spoken;
  as_of: string;
  days_left: number;
  counts: Record<'ok' | 'warn' | 'late' | 'none', number>;
  snapshot?: string;
  targets: TargetLine[];
}
export interface TargetPage extends TargetLine {
  formula: string;
  definition: Spoken;
  series: { period: string; figure: FigureValue }[];
  evidence?: { register: string; where: string; total: number };
  method_error?: Spoken;
  duty: { role: string; unit: string }[];
}
export interface SimulatorBase {
  scheme: string;
  name: string;
  period: string;
  schemes: { id: string; name: string }[];
  items: Handle[];
  cuts: (Handle & { grade: string; kind: string })[];
  levers: Handle[];
  measures: { id: string; name: string; unit: string }[];
}
export interface Handle {
  id: string;
  label: string;
  value: string;
  min: string;
  max: string;
  step: string;
  unit?: string;
}
export interface SimulatorFigures {
  sequence: number;
  key: { id: string; label: string; now: FigureValue; before: FigureValue; change: FigureValue }[];
  places: { id: string; label: string }[];
  matrix: string[][];
  distribution: { from?: string; to?: string; before: string; after: string }[];
  towns: { town: string; name: string; up: number; down: number }[];
  movers: {
    code: string;
    name: string;
    town_name: string;
    from: string;
    to: string;
    total_before: FigureValue;
    total_after: FigureValue;
  }[];
  movers_total: number;
  milliseconds: number;
  refusals?: Spoken[];
}
export interface SearchGroup {
  kind: string;
  name: string;
  items: { title: string; subtitle: string; to: string }[];
}
export interface TrailLine {
  number: number;
  at: string;
  account: string;
  unit: string;
  operation: string;
  operation_name: string;
  object: string;
  details: Record<string, string>;
}
export interface SystemState {
  version: string;
  store: { kind: string; bytes: number; schema: number; batches: number; statements: number };
  jobs: { id: string; name: string; state: string; at: string }[];
  backups: { at: string; file: string; bytes: number; verified?: boolean }[];
}
export interface MatrixLine {
  role: string;
  operation: string;
  relation: string;
  state: string;
  level?: string;
}
export interface Account {
  id: string;
  name: string;
  unit: string;
  roles: string[];
  towns: string[];
  firms: string[];
  disabled?: boolean;
}
