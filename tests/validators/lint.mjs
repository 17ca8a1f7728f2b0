// Does awesome-lint pass a list? node lint.mjs NODE_TOOLS FILE. Without its rules that ask GitHub or git.
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {join, resolve, dirname, basename} from 'node:path';

const [tools, file] = process.argv.slice(2);
const home = join(tools, 'node_modules', 'awesome-lint');
const load = async path => (await import(pathToFileURL(join(home, path)))).default;
const NETWORK = ['github', 'license', 'contributing'].map(name => `remark-lint:awesome-${name}`);
const named = plugin => (Array.isArray(plugin) ? plugin[0] : plugin).name;

const [lint, plugins] = [await load('index.js'), await load('config.js')];
const config = plugins.filter(plugin => !NETWORK.includes(named(plugin)));
if (plugins.length - config.length !== NETWORK.length) {
	throw new Error('the rules have other names now');
}

process.chdir(dirname(resolve(file)));
const messages = (await lint({filename: basename(file), config})).flatMap(found => found.messages);
// The spell checker only warns (it takes the name Llama for the former LLaMA).
const errors = messages.filter(message => message.ruleId !== 'awesome-spell-check');
for (const message of errors) {
	console.log(`${message.line}: ${message.ruleId}: ${message.message}`);
}

const {version} = createRequire(import.meta.url)(join(home, 'package.json'));
console.log(`awesome-lint ${version}: ${config.length} rules, ${errors.length} errors, ${messages.length - errors.length} warnings`);
process.exitCode = errors.length > 0 ? 1 : 0;
