/** JSON Schemas as Markdown tables, for the protocol pages. */
import type { Json, JsonObject } from './schemas.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
/** Text of a JSON string; nothing for anything else. */
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** First line of every page. */
export const generatedNote = '<!-- Generated from contracts/ by "npm run docs". Changes here are overwritten. -->';

/** A type in a few words: `integer ≥ 1`, `array of [Vehicle](#vehicle)`. */
export function typeInWords(schema: Json | undefined): string {
	if (!isObject(schema)) return 'anything';
	if (typeof schema.$ref === 'string') {
		const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
		return `[${name}](#${name.toLowerCase()})`;
	}
	const [only, ...others] = list(schema.allOf);
	if (only !== undefined && others.length === 0) return typeInWords(only);
	if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
	if (schema.enum !== undefined)
		return list(schema.enum)
			.map((value) => `\`${JSON.stringify(value)}\``)
			.join(' ');
	const choices = list(schema.anyOf ?? (schema.type === undefined ? schema.oneOf : undefined));
	if (choices.length > 0) return choices.map(typeInWords).join(' or ');
	if (schema.type === 'array') {
		const tuple = list(schema.prefixItems ?? schema.items);
		return tuple.length > 0 ? `[${tuple.map(typeInWords).join(', ')}]` : `array of ${typeInWords(schema.items)}`;
	}
	if (schema.type === 'object' && isObject(schema.properties)) {
		const required = list(schema.required);
		const fields = Object.entries(schema.properties).map(
			([name, inner]) => `${name}${required.includes(name) ? '' : '?'}: ${typeInWords(inner)}`,
		);
		return `{ ${fields.join(', ')} }`;
	}
	const type = Array.isArray(schema.type) ? schema.type.join(' or ') : typeof schema.type === 'string' ? schema.type : 'anything';
	return [type, ...limits(schema)].join(' ');
}

function limits(schema: JsonObject): string[] {
	const words: string[] = [];
	if (typeof schema.format === 'string') words.push(`(${schema.format})`);
	if (typeof schema.minimum === 'number') words.push(`≥ ${schema.minimum}`);
	if (typeof schema.exclusiveMinimum === 'number') words.push(`> ${schema.exclusiveMinimum}`);
	// The largest safe integer is every integer's limit, and says nothing.
	if (typeof schema.maximum === 'number' && schema.maximum !== Number.MAX_SAFE_INTEGER) words.push(`≤ ${schema.maximum}`);
	if (typeof schema.maxLength === 'number') words.push(`up to ${schema.maxLength} characters`);
	if (schema.default !== undefined) words.push(`(default ${JSON.stringify(schema.default)})`);
	return words;
}

/** Fields of an object, or the variants of a union, with a heading for each. `level` is that of the headings. */
export function describeSchema(name: string, schema: JsonObject, level: number): string[] {
	const heading = `${'#'.repeat(level)} ${name}`;
	const about = typeof schema.description === 'string' ? [schema.description, ''] : [];
	if (isObject(schema.properties)) return [heading, '', ...about, ...fieldTable(schema), ...ruleInWords(schema)];
	const variants = list(schema.oneOf);
	if (variants.length === 0 || !variants.some((variant) => isObject(variant) && isObject(variant.properties))) {
		return [heading, '', ...about, typeInWords(schema), ''];
	}
	return [
		heading,
		'',
		...about,
		'One of:',
		'',
		...variants.flatMap((variant) => (isObject(variant) ? [`**${variantName(variant)}**`, '', ...fieldTable(variant)] : [])),
	];
}

/** What tells a variant from the others: its constant field. */
function variantName(variant: JsonObject): string {
	const properties = isObject(variant.properties) ? variant.properties : {};
	const field = properties.type ?? properties.kind;
	return isObject(field) && typeof field.const === 'string' ? field.const : typeInWords(variant);
}

function fieldTable(schema: JsonObject): string[] {
	const required = list(schema.required);
	const rows = Object.entries(isObject(schema.properties) ? schema.properties : {}).map(([field, inner]) => {
		const meaning = isObject(inner) && typeof inner.description === 'string' ? inner.description : '';
		return `| \`${field}\` | ${cell(typeInWords(inner))} | ${required.includes(field) ? 'yes' : ''} | ${cell(meaning)} |`;
	});
	return ['| field | type | required | meaning |', '| --- | --- | --- | --- |', ...rows, ''];
}

/** Rules across fields. */
function ruleInWords(schema: JsonObject): string[] {
	const words: string[] = [];
	const choices = list(schema.oneOf).map((choice) => (isObject(choice) ? list(choice.required).map(text).join(' and ') : ''));
	if (choices.length > 0) words.push(`Exactly one of: ${choices.map((choice) => `\`${choice}\``).join(', ')}.`, '');
	const pairs = schema.dependentRequired ?? schema.dependencies;
	if (isObject(pairs)) {
		for (const [field, others] of Object.entries(pairs))
			words.push(`\`${field}\` only together with \`${list(others).map(text).join('`, `')}\`.`, '');
	}
	return words;
}

/** Text that stays within its cell. */
export const cell = (content: string): string => content.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Descriptions of components, by name. */
export function describeComponents(components: JsonObject, level: number): string[] {
	return Object.entries(components).flatMap(([name, schema]) => (isObject(schema) ? describeSchema(name, schema, level) : []));
}
