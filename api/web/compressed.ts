import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin, ResolvedConfig } from 'vite'

/** Bytes under which it does not pay. */
const smallest = 1024
const texts = /\.(html|js|css|svg|json|txt)$/

/** Writes beside every text of the build what the service sends to those who take it: `.br` and `.gz`, as small as they get. */
export function compressed(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'jiedui-compressed',
    apply: 'build',
    configResolved: (resolved) => void (config = resolved),
    closeBundle() {
      const folder = join(config.root, config.build.outDir)
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const file = join(folder, name)
        if (texts.test(name) && statSync(file).size >= smallest) compress(file)
      }
    },
  }
}

function compress(file: string): void {
  const plain = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params }))
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }))
}
