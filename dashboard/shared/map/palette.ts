/** Colours of the map, light and dark. */
export interface Palette {
	sea: string;
	land: string;
	coast: string;
	road: string;
	roadMajor: string;
	motorway: string;
	casing: string;
	access: string;
	label: string;
	labelQuiet: string;
	halo: string;
	radioNone: string;
	radioWeak: string;
	hospital: string;
	clinic: string;
	van: string;
	vanStill: string;
	vanOld: string;
	vanOff: string;
	paper: string;
	late: string;
	/** What will be late; what would close. */
	warn: string;
	/** What a changed plan does otherwise. */
	change: string;
}

export const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
	light: {
		sea: '#dbe7ec',
		land: '#f6f5f0',
		coast: '#c3d2d8',
		road: '#c6c0b2',
		roadMajor: '#a69e8c',
		motorway: '#a0a8b5',
		casing: '#ffffff',
		access: '#dcd8ce',
		label: '#3b4248',
		labelQuiet: '#6a7176',
		halo: '#f9f8f4',
		radioNone: '#8d7f8f',
		radioWeak: '#b9aebb',
		hospital: '#5a3d5c',
		clinic: '#5a6b5a',
		van: '#0b5c78',
		vanStill: '#0b5c78',
		vanOld: '#687680',
		vanOff: '#b3261e',
		paper: '#ffffff',
		late: '#8a3ffc',
		warn: '#8a5300',
		change: '#0b5c78',
	},
	dark: {
		sea: '#10181d',
		land: '#1d252a',
		coast: '#2f3d45',
		road: '#465157',
		roadMajor: '#647078',
		motorway: '#66707c',
		casing: '#151b1f',
		access: '#2b3338',
		label: '#d5dadd',
		labelQuiet: '#96a0a6',
		halo: '#151b1f',
		radioNone: '#75687a',
		radioWeak: '#4f4754',
		hospital: '#d3b6d8',
		clinic: '#a8bfa6',
		van: '#6cc7e6',
		vanStill: '#6cc7e6',
		vanOld: '#8b989f',
		vanOff: '#ff8a80',
		paper: '#11171a',
		late: '#c49bff',
		warn: '#f0b860',
		change: '#6cc7e6',
	},
};
