/** One colour a van for its route: told apart from each other, from the roads, and from the colours that mean a state. */
const colours = {
	light: [
		'#4656b8',
		'#9c3f8c',
		'#6f6420',
		'#187f80',
		'#8a4f2d',
		'#7444c4',
		'#47752f',
		'#b8407c',
		'#2f77bd',
		'#5d6673',
		'#8c6f00',
		'#456a9a',
	],
	dark: [
		'#93a1ff',
		'#e292d4',
		'#cfc26a',
		'#5fd0cf',
		'#e0a27c',
		'#bd9bff',
		'#9ccf80',
		'#ff9dcb',
		'#82bdf6',
		'#b4bfcd',
		'#e0c04a',
		'#9fbfe8',
	],
} as const;

/** The colour of the n-th route of a plan; after twelve they begin anew. */
export const routeColour = (index: number, scheme: 'light' | 'dark'): string => colours[scheme][index % colours[scheme].length]!;
