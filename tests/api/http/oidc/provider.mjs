// An OpenID provider for tests: oidc-provider, in memory, with its own forms for login and consent; anybody logs in under any name.
// Takes its settings as JSON in the first argument; says "listening" when it does; ends with its standard input.
import { createServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { readFileSync } from 'node:fs'
import Provider, { errors } from 'oidc-provider'

const { port, cert, key, jwks, redirect, secret, people, inToken, seconds } = JSON.parse(process.argv[2])
const issuer = `${cert ? 'https' : 'http'}://localhost:${port}`

const provider = new Provider(issuer, {
  clients: [{ client_id: 'jiedui', client_secret: secret, redirect_uris: [redirect] }],
  jwks,
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['groups', 'regions', 'name'] },
  conformIdTokenClaims: !inToken,
  cookies: { keys: ['of the tests'] },
  ttl: { IdToken: seconds ?? 600, AuthorizationCode: 60, AccessToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  async findAccount(context, id) {
    const claims = people[id]
    if (!claims) throw new errors.AccessDenied('nobody of that name')
    return { accountId: id, claims: async () => ({ sub: id, ...claims }) }
  },
})
const server = cert
  ? createSecure({ cert: readFileSync(cert), key: readFileSync(key) }, provider.callback())
  : createServer(provider.callback())
server.listen(port, '127.0.0.1', () => console.log('listening'))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
