/** Who plans may edit scenarios and order plans. */
import { computed, type ComputedRef } from 'vue'
import { useNetwork } from '@/service/network'

export function useMayPlan(): ComputedRef<boolean> {
  const network = useNetwork()
  return computed(() => ['planner', 'admin'].includes(network.me.data.value?.role ?? ''))
}
