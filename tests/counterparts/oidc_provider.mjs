// Serves oidc-provider: node oidc_provider.mjs SETTINGS.json, with port, keys, client and the file of the people,
// which is read again at each sign-in.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const { port, keys, client, people } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const claimsOf = (login) => JSON.parse(readFileSync(people, 'utf8'))[login];
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys },
  clients: [client],
  pkce: { required: () => true },
  cookies: { keys: ['a secret of tests'] },
  conformIdTokenClaims: false,
  acrValues: ['gold'],
  claims: {
    acr: null,
    sid: null,
    auth_time: null,
    iss: null,
    openid: ['sub', 'amr'],
    email: ['email', 'email_verified'],
    profile: ['name'],
    groups: ['groups'],
  },
  scopes: ['openid', 'email', 'profile', 'groups'],
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  fetch: (address, { dispatcher, ...options }) => fetch(address, options), // ours is on this machine, which it would refuse
  findAccount: (_, login) => {
    const claims = claimsOf(login);
    return claims && { accountId: login, claims: () => ({ sub: login, ...claims }) };
  },
});
// Its pages for tests ask for one password: how somebody proved who they are comes from the file too.
const finished = provider.interactionFinished.bind(provider);
provider.interactionFinished = (request, response, result, ...more) => {
  if (result.login) result.login.amr = claimsOf(result.login.accountId)?.amr;
  return finished(request, response, result, ...more);
};
provider.listen(port, '127.0.0.1');
