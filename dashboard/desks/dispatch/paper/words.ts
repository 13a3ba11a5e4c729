/** Words of the sheets. They are Japanese whatever the screen's language: crews, doctors and offices read them. */
import type { CalendarDate, DoctorSheet, VehicleSheet } from '@junkai/contracts';
import { ja } from '../../../shared/i18n/ja.ts';
import { formatDate } from '../../../shared/records/dates.ts';

export const needWord = (need: VehicleSheet['stops'][number]['visits'][number]['need']): string => ja.plan.need[need];
export const stopWords = { start: '出発', visits: '訪問', break: '休憩', end: '帰着' } as const;
export const sexWords = { male: '男', female: '女', other: 'その他', unknown: '不明' } as const;
export const roleWords = { driver: '運転', nurse: '看護' } as const;
export const classWords = { kei: '軽自動車', van: 'バン', truck: 'トラック（検診車）' } as const;
export const equipmentWords: Readonly<Record<VehicleSheet['equipment'][number], string>> = {
	ecg: '心電計',
	ultrasound: '超音波',
	'x-ray': 'X線',
	spirometer: 'スパイロメーター',
	'blood-analyser': '血液分析装置',
	'wheelchair-lift': '車いすリフト',
};
export const specialtyWords: Readonly<Record<DoctorSheet['specialties'][number], string>> = {
	general: '総合診療',
	cardiology: '循環器',
	respiratory: '呼吸器',
	dermatology: '皮膚',
	neurology: '神経',
};
export const signalWords = { good: '電波 良好', weak: '電波 弱い', none: '電波 圏外' } as const;

/** `令和8年11月24日(火)`. */
export const dayWord = (date: CalendarDate): string => formatDate(date, 'ja');
export const minutesWord = (seconds: number): string => `${Math.round(seconds / 60)}分`;
