import ImportReport from './ImportReport.vue';
export const part = '导入结果 ImportReport';
export const component = ImportReport;
const base = {
  id: '1',
  file: '样例数据_区税务局_2023年税收.xlsx',
  provider: '区税务局',
  asked_at: '2024-03-01T09:00:00+08:00',
  is_trial: false,
  already_imported: false,
  progress: { rows: 500, of: 2000 },
  sheets: [],
  differences: [],
  findings: [],
  finding_groups: [],
};
const tax = { letter: 'C', label: '实缴税金（元）', field: 'tax_paid', field_name: '实缴税收', unit: '元', how: 'alias' };
const sheet = {
  sheet: '税收',
  register: 'enterprise_year',
  register_name: '企业年度',
  header_row: 2,
  period: '2023',
  columns: [tax, { letter: 'D', label: '实缴税手', how: 'near', offered: '实缴税收' }],
  rows_read: 2000,
  accepted: 1990,
  unchanged: 0,
  refused: 10,
};
const fields = { enterprise_year: [{ id: 'tax_paid', name: '实缴税收' }] };
export const cases = [
  { name: '正在检查', props: { report: { ...base, state: 'checking' }, fields } },
  { name: '等人指定列', props: { report: { ...base, state: 'needs_mapping', sheets: [sheet] }, fields } },
  { name: '已入库', props: { report: { ...base, state: 'done', sheets: [{ ...sheet, columns: [tax], refused: 0 }] }, fields } },
  {
    name: '有错',
    props: {
      fields,
      report: {
        ...base,
        state: 'refused',
        problems_href: '/gallery',
        differences: [
          { sheet: '税收', kind: 'unit_changed', was: '实缴税金', is: '实缴税金', was_at: 'C', at: 'C', was_unit: '万元', unit: '元' },
        ],
        sheets: [{ ...sheet, columns: [tax] }],
        findings: [
          {
            code: 'E-INTAKE-201',
            severity: 'error',
            in: '税收.xlsx',
            sheet: '税收',
            cell: 'C17',
            message: { zh: '“12,3a”不是数。', en: '“12,3a” is no number.' },
            advice: { zh: '改成数，或写“缺报”。', en: 'Write a number, or 缺报.' },
          },
        ],
        finding_groups: [
          { code: 'E-INTAKE-201', title: { zh: '“12,3a”不是数。', en: '“12,3a” is no number.' }, count: 10, cells: ['C17'] },
        ],
      },
    },
  },
];
