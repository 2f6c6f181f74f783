// Esri's own client, led by whoever writes to it: one call a line as JSON, one answer a line.
// {"call": "queryFeatures", "with": {...}, "as": "name of someone who signed in"}
import readline from 'node:readline';
import * as request from '@esri/arcgis-rest-request';
import * as features from '@esri/arcgis-rest-feature-service';
import * as geocoding from '@esri/arcgis-rest-geocoding';

const people = {};
const signingIn = {
  withPassword: async ({ name, ...options }) => {
    people[name] = new request.ArcGISIdentityManager(options);
    await people[name].refreshCredentials();
    return { token: people[name].token };
  },
  asApplication: async ({ name, ...options }) => {
    people[name] = request.ApplicationCredentialsManager.fromCredentials(options);
    return { token: await people[name].getToken() };
  },
  withKey: async ({ name, key }) => {
    people[name] = request.ApiKeyManager.fromKey(key);
    return {};
  },
};
const positional = { suggest: 'text', reverseGeocode: 'location' };

function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== 'object') return value;
  if ('$file' in value) {
    const { name, type, base64 } = value.$file;
    return new File([Buffer.from(base64, 'base64')], name, { type });
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
}

async function answered({ call, with: given, as }) {
  const { ...options } = revived(given);
  if (call in signingIn) return signingIn[call](options);
  if (as) options.authentication = people[as];
  const door = { ...features, ...geocoding, request: request.request }[call];
  if (call === 'request') {
    const { url, ...rest } = options;
    return door(url, rest);
  }
  if (call in positional) {
    const { [positional[call]]: first, ...rest } = options;
    return door(first, rest);
  }
  return door(options);
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { answer: await answered(JSON.parse(line)) };
  } catch (error) {
    answer = { error: { name: error.name, code: error.code ?? null, message: error.message } };
  }
  console.log(JSON.stringify(answer));
}
