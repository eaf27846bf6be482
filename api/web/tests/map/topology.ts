import type { Topology } from 'topojson-specification'

/** Two squares side by side, of two provinces, a place without a shape, and a line. */
export const topology = {
  type: 'Topology',
  arcs: [
    [
      [1, 0],
      [1, 1],
    ],
    [
      [1, 1],
      [0, 1],
      [0, 0],
      [1, 0],
    ],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [1, 1],
    ],
    [
      [3, 0],
      [4, 0],
    ],
  ],
  objects: {
    regions: {
      type: 'GeometryCollection',
      geometries: [
        {
          type: 'Polygon',
          arcs: [[0, 1]],
          id: '110101',
          properties: { name: '甲', parent: '110100', lon: 0.5, lat: 0.5, how: 'code' },
        },
        { type: 'Polygon', arcs: [[2, -1]], id: '130101', properties: { name: '乙', how: 'bare' } },
      ],
    },
    points: {
      type: 'GeometryCollection',
      geometries: [
        {
          type: 'Point',
          coordinates: [1.5, 0.5],
          id: '139999',
          properties: { name: '丙', lon: 1.5, lat: 0.5, how: 'point' },
        },
      ],
    },
    lines: {
      type: 'GeometryCollection',
      geometries: [{ type: 'LineString', arcs: [3], properties: { name: '境界线' } }],
    },
  },
} as unknown as Topology
