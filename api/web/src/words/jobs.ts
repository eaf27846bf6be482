import { pairOf } from './language'

/** Words about jobs, wherever they are ordered or told of. */
export const JOB_WORDS = pairOf(
  {
    kinds: {
      plan: '规划',
      repair: '找出路',
      check: '核对',
      verify: '复核',
      explain: '说明',
      compare: '比较',
      sweep: '扫描',
    },
    states: { waiting: '排队中', running: '进行中', done: '已完成', failed: '未成', cancelled: '已取消' },
    ended: (kind: string, about: string) => `${kind}结束：${about}`,
    look: '查看结果',
    lookWhy: '没有成，查看原因',
    cancel: '取消',
    lost: '与服务的连接断了，正在重连；任务在服务那边继续。',
    log: '日志',
    noLog: '还没有日志',
    again: '再运行一次',
  },
  {
    kinds: {
      plan: 'Plan',
      repair: 'Ways out',
      check: 'Check',
      verify: 'Verification',
      explain: 'Explanation',
      compare: 'Comparison',
      sweep: 'Sweep',
    },
    states: {
      waiting: 'waiting',
      running: 'running',
      done: 'done',
      failed: 'not done',
      cancelled: 'cancelled',
    },
    ended: (kind: string, about: string) => `${kind} has ended: ${about}`,
    look: 'Look at the result',
    lookWhy: 'It did not succeed: see why',
    cancel: 'Cancel',
    lost: 'The connection to the service is lost; trying again. The job goes on there.',
    log: 'Log',
    noLog: 'Nothing in the log yet',
    again: 'Run again',
  },
)
