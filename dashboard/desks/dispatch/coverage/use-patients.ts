/** Who the numbers of patients are, for whom it is to be called. */
import { useEffect, useState } from 'react';
import type { Isolation, Patient } from '@junkai/contracts';
import { coverageApi } from '../../../shared/api/coverage.ts';

export interface Patients {
	byId: ReadonlyMap<number, Patient>;
	failed: boolean;
	/** They are on their way. */
	working: boolean;
}
const nobody: Patients = { byId: new Map(), failed: false, working: false };

export function usePatients(found: Isolation | null): Patients {
	const [patients, setPatients] = useState<Patients>(nobody);
	const ids = found === null ? '' : [...found.cutOff, ...found.longer].flatMap((row) => row.patients).join(',');
	useEffect(() => {
		if (ids === '') return setPatients(nobody);
		let wanted = true;
		setPatients((before) => ({ ...before, working: true }));
		coverageApi.patients(ids.split(',').map(Number)).then(
			(list) => wanted && setPatients({ byId: new Map(list.map((one) => [one.id, one])), failed: false, working: false }),
			() => wanted && setPatients({ byId: new Map(), failed: true, working: false }),
		);
		return () => {
			wanted = false;
		};
	}, [ids]);
	return patients;
}
