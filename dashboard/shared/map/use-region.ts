import { useEffect, useMemo, useState } from 'react';
import { api, type Region } from '../api/rest.ts';
import { settlementsOf, type Place } from './nearest-place.ts';

let fetched: Promise<Region> | undefined;

/** The region's facts; `undefined` while they come, `null` when they could not be had. */
export function useRegion(): { region: Region | null | undefined; places: readonly Place[] } {
	const [region, setRegion] = useState<Region | null | undefined>();
	useEffect(() => {
		let wanted = true;
		fetched ??= api.region();
		fetched.then(
			(found) => wanted && setRegion(found),
			() => {
				fetched = undefined;
				if (wanted) setRegion(null);
			},
		);
		return () => {
			wanted = false;
		};
	}, []);
	const places = useMemo(() => (region === null || region === undefined ? [] : settlementsOf(region)), [region]);
	return { region, places };
}
