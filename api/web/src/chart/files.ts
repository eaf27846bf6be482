/** Pictures as files: PNG and SVG with the title above and the stamp below. */
import type { ECharts } from 'echarts/core'
import { inks } from '@/looks/theme'

const MARGIN = 24
const TITLE = 40
const LINE = 18

/** Save what was made. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** The picture on a chart's canvas with title and stamp, as PNG of twice its size on the screen. */
export async function asPng(chart: ECharts, title: string, stamp: readonly string[]): Promise<Blob> {
  const drawn = await pictureOf(
    chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: inks.value.card }),
  )
  const [width, height] = [
    drawn.width / 2 + 2 * MARGIN,
    drawn.height / 2 + TITLE + MARGIN + stamp.length * LINE + MARGIN,
  ]
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = [width * 2, height * 2]
  const pen = canvas.getContext('2d')!
  pen.scale(2, 2)
  pen.fillStyle = inks.value.card
  pen.fillRect(0, 0, width, height)
  pen.drawImage(drawn, MARGIN, TITLE + MARGIN / 2, drawn.width / 2, drawn.height / 2)
  pen.fillStyle = inks.value.ink
  pen.font = `600 18px ${inks.value.font}`
  pen.fillText(title, MARGIN, 32, width - 2 * MARGIN)
  pen.fillStyle = inks.value['ink-2']
  pen.font = `12px ${inks.value.font}`
  stamp.forEach((line, at) =>
    pen.fillText(line, MARGIN, height - MARGIN - (stamp.length - 1 - at) * LINE, width - 2 * MARGIN),
  )
  return new Promise((found, failed) =>
    canvas.toBlob((blob) => (blob ? found(blob) : failed(new Error('canvas'))), 'image/png'),
  )
}

/** A chart that was drawn as SVG with title and stamp around it. */
export function asSvg(
  drawn: string,
  width: number,
  height: number,
  title: string,
  stamp: readonly string[],
): Blob {
  const inside = drawn.replace(/^<svg /, `<svg x="${MARGIN}" y="${TITLE + MARGIN / 2}" `)
  const [wide, high] = [width + 2 * MARGIN, height + TITLE + MARGIN + stamp.length * LINE + MARGIN]
  const text = (line: string, y: number, size: number, colour: string) =>
    `<text x="${MARGIN}" y="${y}" font-size="${size}" fill="${colour}">${escaped(line)}</text>`
  const lines = stamp.map((line, at) =>
    text(line, high - MARGIN - (stamp.length - 1 - at) * LINE, 12, inks.value['ink-2']),
  )
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" font-family="${escaped(inks.value.font)}">`,
    `<rect width="100%" height="100%" fill="${inks.value.card}"/>`,
    text(title, 32, 18, inks.value.ink),
    inside,
    ...lines,
    '</svg>',
  ]
  return new Blob([parts.join('\n')], { type: 'image/svg+xml' })
}

function pictureOf(url: string): Promise<HTMLImageElement> {
  return new Promise((found, failed) => {
    const image = new Image()
    image.onload = () => found(image)
    image.onerror = () => failed(new Error('image'))
    image.src = url
  })
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
