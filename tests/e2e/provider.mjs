// A small identity provider, a process of its own on this machine: authorization code with PKCE, RS256. Whoever comes shows a card;
// what the token says of them is in the environment. Prints its address.
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const begun = new Map();
let issuer = '';
const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims) {
  const said = `${text({ alg: 'RS256', kid: 'k1' })}.${text(claims)}`;
  return `${said}.${createSign('RSA-SHA256').update(said).sign(privateKey).toString('base64url')}`;
}
const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  const json = (status, value) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (url.pathname === '/.well-known/openid-configuration')
    return json(200, {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
    });
  if (url.pathname === '/keys') return json(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] });
  if (url.pathname === '/authorize') {
    const code = randomUUID();
    begun.set(code, Object.fromEntries(url.searchParams));
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', url.searchParams.get('state'));
    back.searchParams.set('iss', issuer);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    return response.end(
      `<!doctype html><html lang="zh"><title>样例身份认证</title><a href="${back.href.replaceAll('&', '&amp;')}">出示证书</a>`,
    );
  }
  if (url.pathname === '/token') {
    let body = '';
    for await (const piece of request) body += piece;
    const asked = new URLSearchParams(body);
    const first = begun.get(asked.get('code'));
    begun.delete(asked.get('code'));
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    if (!first || first.code_challenge !== challenge || first.redirect_uri !== asked.get('redirect_uri'))
      return json(400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    return json(200, {
      token_type: 'Bearer',
      access_token: 'x',
      id_token: token({
        iss: issuer,
        sub: '17',
        aud: first.client_id,
        iat: now,
        exp: now + 300,
        nonce: first.nonce,
        amr: ['hwk'],
        preferred_username: process.env.TENGLONG_KNOWN_AS ?? 'analyst',
      }),
    });
  }
  json(404, {});
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  console.log(issuer);
});
