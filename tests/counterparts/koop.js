// Serves every GeoJSON file of a folder through Esri's Koop: node koop.js FOLDER PORT [USERS.json]
process.env.SUPPRESS_NO_CONFIG_WARNING = '1';
const Koop = require('@koopjs/koop-core');
const [folder, port, users] = process.argv.slice(2);
process.chdir(folder); // the provider takes no absolute path
const koop = new Koop({ logLevel: 'error' });
if (users) {
  const options = { tokenExpirationMinutes: 60, useHttp: true };
  koop.register(require('@koopjs/auth-direct-file')('a secret of tests', users, options));
}
koop.register(require('@koopjs/provider-file-geojson'), { dataDir: '.' });
koop.server.listen(Number(port), '127.0.0.1');
