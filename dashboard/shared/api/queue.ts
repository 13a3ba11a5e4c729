/** The call of the doctor's queue. */
import { doctorQueue } from '@junkai/contracts';
import { call } from './rest.ts';

export const queueApi = {
	/** Of whoever is signed in. */
	own: () => call(doctorQueue, '/queue'),
};
