import { topology } from './topology'
import { expect, test } from 'vitest'
import { MAINLAND, project, unproject } from '@/map/projection'
import { tilesOf } from '@/map/tiles'
import { shapesOf } from '@/map/topology'

test('the plane has the centre in its middle and the north above', () => {
  for (const one of project([105, 36])) expect(one).toBeCloseTo(0)
  expect(project([105, 45])[1]).toBeGreaterThan(0)
  expect(project([120, 36])[0]).toBeGreaterThan(0)
  const [lon, lat] = unproject(project([98.86, 25.85]))
  expect([lon.toFixed(4), lat.toFixed(4)]).toEqual(['98.8600', '25.8500'])
})

test('the mainland holds the farthest ends and leaves the far south to the inset', () => {
  const [[west, north], [east, south]] = MAINLAND
  const within = ([x, y]: number[]) => x! >= west && x! <= east && y! >= south && y! <= north
  for (const place of [
    [75.9, 39.5],
    [122.3, 53],
    [131.4, 45.7],
    [110.3, 20],
    [121.5, 25],
  ] as const)
    expect(within(project(place))).toBe(true)
  expect(within(project([112.3, 16.8]))).toBe(false)
})

test('shapes keep their codes, seats and borders; what has no shape is a point', () => {
  const shapes = shapesOf(topology, 'county', 'v1')
  expect(shapes.map).toBe('county v1')
  expect([...shapes.regions.keys()]).toEqual(['110101', '130101', '139999'])
  expect(shapes.regions.get('110101')).toMatchObject({ name: '甲', how: 'code', at: project([0.5, 0.5]) })
  expect(shapes.regions.get('139999')).toMatchObject({ how: 'point' })
  expect(shapes.lines).toHaveLength(1)
  expect(shapes.bare).toBe(false)
  // The border between the two provinces and the one around both; none inside a province.
  const length = shapes.borders.reduce((sum, run) => sum + run.length - 1, 0)
  expect(length).toBe(7)
})

test('without shapes there are tiles, one for each place', () => {
  const shapes = shapesOf(
    {
      ...topology,
      objects: { ...topology.objects, regions: { type: 'GeometryCollection', geometries: [] } },
    },
    'county',
    'v2',
  )
  expect(shapes.bare).toBe(true)
  expect(tilesOf(shapes.regions.values())).toHaveLength(1)
})

test('each province has a tile of its own', () => {
  const codes = [
    '11',
    '12',
    '13',
    '14',
    '15',
    '21',
    '22',
    '23',
    '31',
    '32',
    '33',
    '34',
    '35',
    '36',
    '37',
    '41',
    '42',
    '43',
    '44',
    '45',
    '46',
    '50',
    '51',
    '52',
    '53',
    '54',
    '61',
    '62',
    '63',
    '64',
    '65',
    '71',
    '81',
    '82',
  ]
  const tiles = tilesOf(codes.map((code) => ({ code: `${code}0000`, at: [0, 0] as [number, number] })))
  expect(new Set(tiles.map((tile) => `${tile.column} ${tile.row}`)).size).toBe(34)
})

test('places with other codes are laid out by their seats, none on another', () => {
  const places = Array.from({ length: 23 }, (_, at) => ({
    code: `p${at}`,
    at: [at % 5, -at] as [number, number],
  }))
  const tiles = tilesOf(places)
  expect(new Set(tiles.map((tile) => `${tile.column} ${tile.row}`)).size).toBe(23)
  const column = (code: string) => tiles.find((tile) => tile.code === code)!.column
  expect(column('p4')).toBeGreaterThan(column('p0'))
})
