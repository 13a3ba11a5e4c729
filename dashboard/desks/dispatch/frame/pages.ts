/** The pages of the desk and their addresses. */
export const pageNames = ['day', 'plan', 'requests', 'intake', 'resources', 'coverage', 'paper'] as const;
export type Page = (typeof pageNames)[number];

/** The page of an address: `/dispatch` is today, `/dispatch/plan` and what is below it the plans. */
export const pageOf = (path: string): Page => pageNames.find((name) => name === path.split('/')[2]) ?? 'day';
export const addressOfPage = (page: Page): string => (page === 'day' ? '/dispatch' : `/dispatch/${page}`);
