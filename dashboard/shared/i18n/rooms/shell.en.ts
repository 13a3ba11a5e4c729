/** English words of the frame around the dispatcher’s pages. */
export const shell = {
	nav: {
		label: 'Pages of the desk',
		day: 'Today',
		plan: 'Plan',
		requests: 'Requests',
		intake: 'Import',
		resources: 'People and vans',
		coverage: 'Coverage',
		paper: 'Paper',
	},
};
