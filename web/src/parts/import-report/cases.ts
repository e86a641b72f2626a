import ImportReport from './ImportReport.vue';
export const part = '导入结果 ImportReport';
export const component = ImportReport;
const base = {
  id: '1',
  file: '样例数据_区税务局_2023年税收.xlsx',
  progress: { rows: 500, of: 2000 },
  sheets: [],
  differences: [],
  findings: [],
  finding_groups: [],
};
export const cases = [
  { name: '正在检查', props: { report: { ...base, state: 'checking' } } },
  {
    name: '有错',
    props: {
      report: {
        ...base,
        state: 'done',
        problems_href: '/gallery',
        differences: [{ zh: '比上年多一列“减免税额”；“入库税金”改叫“实缴税金”，单位由万元变为元。', en: '' }],
        sheets: [
          {
            sheet: '税收',
            register: '企业年度',
            header_row: 2,
            columns: [{ letter: 'C', label: '实缴税金（元）', field: 'tax_paid', field_name: '实缴税收', unit: '元', how: 'alias' }],
            rows_read: 2000,
            accepted: 1990,
            unchanged: 0,
            refused: 10,
          },
        ],
        findings: [
          {
            code: 'E-INTAKE-201',
            severity: 'error',
            place: '税收!C17',
            message: { zh: '“12,3a”不是数。', en: '' },
            advice: { zh: '改成数，或写“缺报”。', en: '' },
          },
        ],
        finding_groups: [{ code: 'E-INTAKE-201', title: { zh: '不是数', en: 'Not a number' }, count: 10, cells: ['C17'] }],
      },
    },
  },
];
