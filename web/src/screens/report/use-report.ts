// How all targets stand, as it is told to a meeting: 通报 and the one page are two papers of it.
import { computed, type Ref } from 'vue';
import { asked } from '@/api/asked';
import { get } from '@/api/client';
import type { Report } from '@/api/types';

export function useReport(period: Ref<string>) {
  const report = asked(
    () => period.value,
    (p, signal) => get<Report>('/api/report', { period: p }, signal),
  );
  // Worst first, as the server has them.
  const lagging = computed(() => (report.data.value?.targets ?? []).filter((t) => t.lamp === 'late' || t.lamp === 'warn'));
  return { report, lagging };
}
