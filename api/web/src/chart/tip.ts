/** What is told when one points at something: made of text nodes, so that a name is never taken for markup. */
export interface TipLine {
  name?: string
  value: string
  /** A colour that is spoken of. */
  colour?: string
}

export function tip(title: string, lines: readonly TipLine[] = []): HTMLElement {
  const box = document.createElement('div')
  box.className = 'tip'
  box.append(told('strong', title))
  for (const line of lines) {
    const row = document.createElement('div')
    row.className = 'tip-line'
    if (line.colour) {
      const dot = document.createElement('i')
      dot.style.background = line.colour
      row.append(dot)
    }
    if (line.name) row.append(told('span', line.name))
    row.append(told('b', line.value))
    box.append(row)
  }
  return box
}

function told(element: string, text: string): HTMLElement {
  const made = document.createElement(element)
  made.textContent = text
  return made
}
