/** English words of taking in spreadsheets, and finding places. */
export const intake = {
	title: 'Import',
	place: {
		example: 'e.g. 田辺市本宮町切畑123',
		candidates: 'Places that this address may mean',
		choose: 'Choose the place in the list.',
		differs: 'The address reads as {{place}}.',
		takeIt: 'Take this place',
		map: 'Map of the place',
		mapHint: 'Click on the map, or move the point with the arrow keys (faster with Shift).',
		near: 'Nearest settlement: {{place}}',
		stop: 'meeting place {{stop}}',
		list: {
			looking: 'Looking it up…',
			none: 'No place of the region fits. Check the spelling.',
			outside: 'This address is outside of the prefecture.',
			failed: 'Places cannot be looked up now.',
		},
		precision: {
			point: 'Point set by hand',
			settlement: 'Middle of the settlement',
			municipality: 'Town hall only: the settlement is not known',
		},
		how: {
			exact: 'as written',
			'old-name': 'by its name before the merger',
			kana: 'by its reading',
			fuzzy: 'similar',
			municipality: 'municipality only',
		},
	},
};
