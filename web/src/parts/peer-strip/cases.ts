import PeerStrip from './PeerStrip.vue';
export const part = '同行 PeerStrip';
export const component = PeerStrip;
export const cases = [
  {
    name: '四十家',
    props: {
      peers: Array.from({ length: 40 }, (_, i) => String((i * 37) % 100)),
      own: '62',
      words: '364 家中第 73 名',
      low: '最低 2.1 分',
      high: '最高 148.2 分',
    },
  },
  { name: '只有自己', props: { peers: [], own: '50', words: '同行只有这一家', low: '', high: '' } },
];
