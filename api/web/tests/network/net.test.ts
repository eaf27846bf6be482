import { describe, expect, test } from 'vitest'
import { placed } from '@/pages/network/layout'
import { kindsOf, merged, type Net, rolesOf, seen } from '@/pages/network/net'
import { bend, radial } from '@/pages/network/radial'

const node = (id: string, level: string) => ({ id, name: id, pinyin: '', level, above: [] })
const link = (source: string, target: string, kind: string) => ({
  source,
  target,
  kind,
  relation: kind === 'lies_in' ? '' : `${kind}:${source}:${target}`,
  mark: '',
})
/** A city supports a prefecture that lies in a province; the city's district supports a county of it. */
const net: Net = {
  nodes: [
    node('pref', 'prefecture'),
    node('city', 'prefecture'),
    node('prov', 'province'),
    node('county', 'county'),
    node('district', 'county'),
  ],
  links: [
    link('city', 'pref', 'east_west'),
    link('pref', 'prov', 'lies_in'),
    link('county', 'pref', 'lies_in'),
    link('district', 'county', 'county_pair'),
    link('district', 'city', 'lies_in'),
  ],
  cut: false,
}
const ids = (one: Net) => one.nodes.map(({ id }) => id).sort()

describe('what is put together and filtered', () => {
  test('what occurs in several answers stands once', () => {
    const both = merged([net, { ...net, cut: true }])
    expect(both.nodes).toHaveLength(5)
    expect(both.links).toHaveLength(5)
    expect(both.cut).toBe(true)
  })

  test('two relations of one pair stay two', () => {
    const again = { ...link('city', 'pref', 'east_west'), relation: 'another' }
    expect(merged([net, { ...net, links: [again] }]).links).toHaveLength(6)
  })

  test('nothing is left out where nothing is hidden', () => {
    expect(seen(net, 'pref', [], [])).toBe(net)
  })

  test('what hung on a hidden node alone goes with it', () => {
    expect(ids(seen(net, 'pref', ['city', 'county'], []))).toEqual(['pref'])
    // Hidden is the city only: its district is still reached through the county.
    expect(ids(seen(net, 'pref', ['city'], []))).toEqual(['county', 'district', 'pref'])
  })

  test('without a kind, places that led to it only are gone, too', () => {
    expect(ids(seen(net, 'pref', [], ['county_pair']))).toEqual(['city', 'pref'])
    expect(ids(seen(net, 'pref', [], ['east_west']))).toEqual(['county', 'district', 'pref'])
  })

  test('the part that is played comes from relations, not from the tree of regions', () => {
    const roles = rolesOf({ ...net, links: [...net.links, link('pref', 'x', 'counterpart')] })
    expect(Object.fromEntries(roles)).toEqual({
      pref: 'both',
      city: 'supporter',
      prov: 'none',
      county: 'recipient',
      district: 'supporter',
    })
  })

  test('kinds are counted, the tree of regions stands last', () => {
    expect(kindsOf(net)).toEqual([
      ['east_west', 1],
      ['county_pair', 1],
      ['lies_in', 3],
    ])
  })
})

describe('where nodes stand', () => {
  const more: Net = {
    nodes: [node('city', 'prefecture'), node('new', 'county'), node('newer', 'county')],
    links: [link('city', 'new', 'county_pair'), link('city', 'newer', 'county_pair')],
    cut: false,
  }

  test('the same each time, all apart, the centre in the middle', () => {
    const [one, two] = [placed([{ around: 'pref', net }]), placed([{ around: 'pref', net }])]
    expect(one).toEqual(two)
    expect(one.get('pref')).toEqual({ x: 0, y: 0 })
    const all = [...one.values()]
    for (const a of all)
      for (const b of all) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(15)
  })

  test('what is expanded is added, and nothing that stood moves', () => {
    const before = placed([{ around: 'pref', net }])
    const after = placed([
      { around: 'pref', net },
      { around: 'city', net: more },
    ])
    for (const [id, place] of before) expect(after.get(id)).toEqual(place)
    const [city, fresh] = [after.get('city')!, after.get('new')!]
    expect(Math.hypot(city.x - fresh.x, city.y - fresh.y)).toBeLessThan(350)
  })

  test('500 nodes are placed without waiting', () => {
    const many: Net = {
      nodes: Array.from({ length: 500 }, (_, at) => node(`n${at}`, 'village')),
      links: Array.from({ length: 499 }, (_, at) =>
        link(`n${Math.floor(at / 20)}`, `n${at + 1}`, 'enterprise'),
      ),
      cut: false,
    }
    expect(placed([{ around: 'n0', net: many }]).size).toBe(500)
  })

  test('by hierarchy each level has its ring, and what is above stands amidst what is below', () => {
    const places = radial(net, ['province', 'prefecture', 'county'])
    const far = (id: string) => Math.round(Math.hypot(places.get(id)!.x, places.get(id)!.y))
    expect(far('prov')).toBeLessThan(far('pref'))
    expect(far('pref')).toBe(far('city'))
    expect(far('county')).toBe(far('district'))
    const angle = (id: string) => Math.atan2(places.get(id)!.y, places.get(id)!.x)
    expect(angle('prov')).toBeCloseTo(angle('county'))
  })

  test('links bend towards the middle on either side', () => {
    const [east, north] = [
      { x: 100, y: 0 },
      { x: 0, y: -100 },
    ]
    for (const [from, to] of [
      [east, north],
      [north, east],
    ] as const) {
      const c = bend(from, to)
      // ECharts' own formula of the point that a curve is drawn to.
      const x = (from.x + to.x) / 2 - (from.y - to.y) * c
      const y = (from.y + to.y) / 2 - (to.x - from.x) * c
      expect(Math.hypot(x, y)).toBeLessThan(25)
    }
  })
})
