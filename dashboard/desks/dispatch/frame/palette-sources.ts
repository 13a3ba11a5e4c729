/** What can be found, and what happens when it is chosen. */
import { useEffect, useMemo, useState } from 'react';
import type { Patient } from '@junkai/contracts';
import { navigate } from '../../../app/router.tsx';
import { dayApi } from '../../../shared/api/day.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet } from '../../../shared/live/live-context.tsx';
import { useRegion } from '../../../shared/map/use-region.ts';
import { useDay, useDirectory } from '../day/day-context.tsx';
import { showOnMap } from '../day/map-focus.ts';
import { addressOf } from '../day/selection.ts';
import type { Tool } from '../day/tool.ts';
import { numberOf, plain, shownOf, type Found } from './find.ts';
import { addressOfPage, pageNames } from './pages.ts';

/** Letters are typed in bursts: the server is asked once they pause, ms. */
const pause = 120;

type Action = Exclude<Tool, null> | 'all' | 'help' | 'urgent';
const actions: readonly Action[] = ['mend', 'incident', 'draw', 'rain', 'roads', 'urgent', 'all', 'help'];

export function usePaletteSources(text: string, onHelp: () => void) {
	const { t, language } = useTexts();
	const { vehicles } = useFleet();
	const { plan } = useDay();
	const { doctors, patients: known, visits } = useDirectory();
	const { places } = useRegion();
	const { patients: found, searching } = usePatientSearch(text);

	const fixed = useMemo((): Found[] => {
		const named = new Map(plan?.doctors.map(({ id, name }) => [id, name]));
		for (const { id, name } of doctors.values()) named.set(id, name);
		return [
			...vehicles.map(({ id, name }) => entry('van', id, name, id === name ? '' : id, { number: numberOf(name) ?? numberOf(id) })),
			...[...named].map(([id, name]) =>
				entry('doctor', String(id), name[language], '', { also: [name.ja, name.en, doctors.get(id)?.phone ?? ''] }),
			),
			...places.map((place, at) =>
				entry('place', String(at), language === 'ja' ? place.name : (place.romaji ?? place.name), '', {
					also: [place.name, place.romaji ?? ''],
				}),
			),
			...pageNames.map((page) => entry('page', page, t(`shell.nav.${page}`), '', {})),
			...actions.map((action) => entry('action', action, t(`shell.action.${action}`), '', {})),
		];
	}, [vehicles, plan, doctors, places, language, t]);

	const people = useMemo(() => {
		const all = new Map([...known, ...found.map((patient) => [patient.id, patient] as const)]);
		return [...all.values()].map((patient) =>
			entry('patient', String(patient.id), `${patient.name.family} ${patient.name.given}`, patient.home.address, {
				also: [
					patient.kana === null ? '' : `${patient.kana.family} ${patient.kana.given}`,
					patient.phone ?? '',
					...patient.identifiers.map(({ value }) => value),
				],
			}),
		);
	}, [known, found]);

	const go = ({ kind, key }: Found) => {
		const id = key.slice(kind.length + 1);
		if (kind === 'van') navigate(addressOf({ kind: 'van', id }));
		else if (kind === 'doctor') navigate(addressOf({ kind: 'doctor', id: Number(id) }));
		else if (kind === 'page') navigate(addressOfPage(pageNames.find((page) => page === id) ?? 'day'));
		else if (kind === 'place') {
			const place = places[Number(id)];
			if (!location.pathname.endsWith('/dispatch')) navigate('/dispatch');
			if (place !== undefined) showOnMap({ kind: 'point', lon: place.lon, lat: place.lat });
		} else if (kind === 'patient') {
			const visit = [...visits.values()].find(({ patient, state }) => patient === Number(id) && state !== 'cancelled');
			navigate(visit === undefined ? `/dispatch/requests?patient=${id}` : addressOf({ kind: 'visit', id: visit.id }));
		} else act(id as Action, onHelp);
	};
	return { all: useMemo(() => [...fixed, ...people], [fixed, people]), go, searching };
}

function entry(
	kind: Found['kind'],
	id: string,
	label: string,
	detail: string,
	more: { also?: string[]; number?: string | undefined },
): Found {
	return {
		key: `${kind}-${id}`,
		kind,
		label,
		detail,
		...(more.also !== undefined && { also: more.also.filter((word) => word !== '') }),
		...(more.number !== undefined && { number: more.number }),
	};
}

function act(action: Action, onHelp: () => void): void {
	if (action === 'help') return onHelp();
	if (action === 'urgent') return navigate('/dispatch/requests?new=urgent');
	if (action === 'all') {
		if (!location.pathname.endsWith('/dispatch')) navigate('/dispatch');
		return showOnMap({ kind: 'all' });
	}
	const params = new URLSearchParams(location.pathname.endsWith('/dispatch') ? location.search : '');
	params.set('tool', action);
	navigate(`/dispatch?${params.toString()}`);
}

/** Patients of all days, from the server. */
function usePatientSearch(text: string): { patients: readonly Patient[]; searching: boolean } {
	const wanted = plain(text);
	const [state, setState] = useState<{ text: string; patients: readonly Patient[] }>({ text: '', patients: [] });
	useEffect(() => {
		if (wanted === '') return;
		let current = true;
		const timer = setTimeout(() => {
			void dayApi
				.findPatients(text.trim(), shownOf.patient * 2)
				.catch(() => [])
				.then((patients) => current && setState({ text: wanted, patients }));
		}, pause);
		return () => {
			current = false;
			clearTimeout(timer);
		};
	}, [text, wanted]);
	return { patients: wanted === '' ? [] : state.patients, searching: wanted !== '' && state.text !== wanted };
}
