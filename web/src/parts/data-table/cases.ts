import DataTable from './DataTable.vue';
export const part = '表 DataTable';
export const component = DataTable;
const columns = [
  { id: 'name', label: '企业', sortable: true },
  { id: 'grade', label: '等级', kind: 'grade' as const },
  { id: 'tax', label: '亩均税收', unit: '万元/亩', kind: 'number' as const, sortable: true, places: 2 },
];
const row = (key: string, name: string, grade: string, value?: string) => ({
  key,
  cells: {
    name: { text: name, to: '/gallery' },
    grade: { text: grade },
    tax: { figure: value === undefined ? { state: 'missing' as const } : { value, unit: '万元/亩' } },
  },
});
const rows = [
  row('1', '样例临城模具1354有限公司', 'B', '44.364055'),
  row('2', '样例一家名字特别特别长用来看表格怎样容纳它的海洋工程装备制造股份有限公司', 'D', '-0.2'),
  row('3', '样例岑港金属1798有限公司', 'C'),
];
export const cases = [
  {
    name: '几行',
    props: { caption: '企业', columns, rows, sort: { by: 'tax', descending: true }, sums: { tax: { figure: { value: '22.08' } } } },
  },
  { name: '可选', props: { caption: '企业，可选', columns, rows, selectable: true, selected: new Set(['1']) } },
  { name: '没有', props: { caption: '没有企业', columns, rows: [] } },
  {
    name: '上千行只画看得见的',
    props: { caption: '一千行', columns, rows: Array.from({ length: 1000 }, (_, i) => row(String(i), `样例企业${i}`, 'A', String(i))) },
  },
];
