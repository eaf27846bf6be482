/** The first line of a card: who supports whom on this day, since when, with what. In pieces, so that names can lead to their cards. */
import { percent } from '@/numbers/format'
import type { Language, Told } from '@/words/language'
import type { Pair, Place, Record_, Tie } from './ask'
import { otherEnd, ownInForce } from './groups'
import { amountOf, exactOf, type Item, type ItemTitle, readTitle, upTo } from './items'

export type Piece =
  | { text: string }
  | { place: Pick<Place, 'id' | 'name'> }
  /** A relation by its id, in words. */
  | { tie: string; text: string }
  | { mark: string }
  /** A figure, with all its digits for who points at it. */
  | { figure: string; exact: string; strong: boolean }
  /** What is less than the rest. */
  | { quiet: string }

/** What things are called, from the schema. */
export interface Called {
  kind: (kind: string) => string
}

/** Names that stand in the line; the others are counted. */
const NAMED = 3

const text = (words: string): Piece => ({ text: words })

/** `（东西部协作，自 2016-12-07，至 2021-01-01）` */
function term(tie: Tie, language: Language, called: Called): Piece[] {
  const zh = language === 'zh'
  const since = tie.since
    ? zh
      ? `自 ${tie.since}`
      : `since ${tie.since}`
    : zh
      ? '起始不详'
      : 'since unknown'
  const until = tie.until ? (zh ? `，至 ${tie.until}` : `, until ${tie.until}`) : ''
  const [open, close] = zh ? ['（', '）'] : [' (', ')']
  const comma = zh ? '，' : ', '
  const told: Piece[] = [
    text(open),
    { tie: tie.id, text: called.kind(tie.kind) },
    text(`${comma}${since}${until}`),
  ]
  if (tie.mark) told.push(text(zh ? '，' : ', '), { mark: tie.mark })
  return [...told, text(close)]
}

function listed(
  ties: readonly Tie[],
  side: 'supported_by' | 'supports',
  language: Language,
  called: Called,
): Piece[] {
  const zh = language === 'zh'
  const shown = ties.length <= NAMED + 1 ? ties : ties.slice(0, NAMED)
  const told = shown.flatMap((tie, place) => [
    ...(place ? [text(zh ? '、' : place === ties.length - 1 ? ' and ' : ', ')] : []),
    { place: otherEnd(tie, side) },
    ...term(tie, language, called),
  ])
  const rest = ties.length - shown.length
  return rest ? [...told, text(zh ? `等 ${ties.length} 方` : ` and ${rest} more`)] : told
}

/** Of a place or unit. */
export function placeSays(record: Record_, language: Language, called: Called): Piece[] {
  const { card } = record
  const zh = language === 'zh'
  const name: Piece = text(card.subject.name)
  const [by, to] = [ownInForce(card.supported_by), ownInForce(card.supports)]
  const day = text(zh ? `${card.at}，` : `On ${card.at}, `)
  const told: Piece[] = [day, name]
  if (by.length)
    told.push(
      text(zh ? '由' : ' is supported by '),
      ...listed(by, 'supported_by', language, called),
      text(zh ? '帮扶' : ''),
    )
  if (to.length) {
    told.push(text(by.length ? (zh ? '，并帮扶' : '; it supports ') : zh ? '帮扶' : ' supports '))
    told.push(
      ...(to.length > NAMED + 1
        ? [
            text(zh ? ` ${to.length} 处：` : `${to.length} places: `),
            ...listed(to, 'supports', language, called),
          ]
        : listed(to, 'supports', language, called)),
    )
  }
  if (!by.length && !to.length) told.push(...without(record, language, called))
  return [...told, text(zh ? '。' : '.')]
}

/** No relation of its own that holds: through places above, through those below, or none at all. */
function without(record: Record_, language: Language, called: Called): Piece[] {
  const { card } = record
  const zh = language === 'zh'
  const gives = card.supports.length > card.supported_by.length
  const side = gives ? 'supports' : 'supported_by'
  const inForce = card[side].filter((tie) => tie.state === 'in_force')
  const above = inForce.filter((tie) => tie.through === 'parent')
  const below = inForce.filter((tie) => tie.through === 'child')
  if (above.length)
    return [
      text(
        zh
          ? `没有本级的${gives ? '帮扶对象' : '帮扶方'}，通过上级${gives ? '帮扶' : '由'}`
          : ` has no ${gives ? 'recipient' : 'supporter'} of its own; through places above it ${gives ? 'supports' : 'is supported by'} `,
      ),
      ...listed(above, side, language, called),
      ...(zh && !gives ? [text('帮扶')] : []),
    ]
  if (below.length)
    return [
      text(
        zh
          ? `没有本级的${gives ? '帮扶对象' : '帮扶方'}，下级有 ${below.length} 条关系`
          : ` has no ${gives ? 'recipient' : 'supporter'} of its own; places below have ${below.length}`,
      ),
    ]
  return [text(zh ? '没有登记的帮扶关系' : ' has no relation on record')]
}

/** Of a pair. */
export function pairSays(pair: Pair, relation: string, language: Language, called: Called): Piece[] {
  const zh = language === 'zh'
  const tie = pair.relations.find((one) => one.id === relation) ?? pair.relations[0]
  if (!tie) return []
  const verb = {
    in_force: zh ? '帮扶' : ' supports ',
    ended: zh ? '曾帮扶' : ' supported ',
    to_come: zh ? '将帮扶' : ' will support ',
  }[tie.state]
  return [
    text(zh ? `${pair.at}，` : `On ${pair.at}, `),
    { place: tie.supporter },
    text(verb),
    { place: tie.recipient },
    ...term(tie, language, called),
    text(zh ? '。' : '.'),
  ]
}

/** Items that are told in the line; the others are counted. */
const ITEMS = 3

/** What was pledged and what came up to the year of the day. */
export function ledgerSays(
  items: readonly Item[],
  titles: ReadonlyMap<string, Told>,
  year: number,
  language: Language,
): Piece[] {
  const zh = language === 'zh'
  const gap = zh ? '' : ' '
  if (!items.length) return [{ quiet: `${gap}${zh ? '台账没有记录。' : 'The ledger has no entry.'}` }]
  const came = items
    .map((item) => ({ ...upTo(item, year), item }))
    .filter((one) => one.pledged !== null || one.delivered !== null)
  if (!came.length) {
    const first = Math.min(...items.flatMap((item) => item.years.map((one) => one.year)))
    return [
      {
        quiet: zh
          ? `台账从 ${first} 年起，此日尚无记录。`
          : ` The ledger begins in ${first}, after this day.`,
      },
    ]
  }
  const told = came
    .slice(0, ITEMS)
    .flatMap(({ item, pledged, delivered }, place) => [
      ...(place ? [text(zh ? '；' : '; ')] : []),
      ...cameSays(readTitle(titles.get(item.item)?.[language] || item.item), pledged, delivered, language),
    ])
  const marks = [...new Set(came.flatMap((one) => one.item.marks))]
  const rest = came.length - ITEMS
  return [
    text(zh ? `截至 ${year} 年，` : ` Up to ${year}: `),
    ...told,
    text(zh ? '。' : '. '),
    ...marks.map((mark) => ({ mark })),
    ...(rest > 0 ? [{ quiet: zh ? `另 ${rest} 项见下` : ` ${rest} more below` }] : []),
  ]
}

function cameSays(
  title: ItemTitle,
  pledged: number | null,
  delivered: number | null,
  language: Language,
): Piece[] {
  const zh = language === 'zh'
  const figure = (value: number | null, strong: boolean): Piece =>
    value === null
      ? { quiet: zh ? '无数据' : 'no data' }
      : { figure: amountOf(value, title, language), exact: exactOf(value, title, language), strong }
  const share =
    pledged && delivered !== null
      ? [text(zh ? `（${percent(delivered / pledged, 0)}）` : ` (${percent(delivered / pledged, 0)})`)]
      : []
  return [
    text(zh ? `${title.name}承诺 ` : `${title.name}: pledged `),
    figure(pledged, false),
    text(zh ? '，兑现 ' : ', delivered '),
    figure(delivered, true),
    ...share,
  ]
}
