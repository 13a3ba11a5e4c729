/** A4: a doctor's consults of a day. */
import type { DaySheets, DoctorSheet } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { SheetFoot, SheetThead } from './sheet-parts.tsx';
import { dayWord, needWord, sexWords, specialtyWords } from './words.ts';

export function CallSheet({ sheet, day }: { sheet: DoctorSheet; day: DaySheets }) {
	return (
		<article className="sheet" lang="ja" data-sheet={`doctor-${sheet.doctor}`}>
			<header className="sheet-head">
				<h2>診察予定表　{sheet.name.ja} 医師</h2>
				<p className="sheet-day">{dayWord(day.date)}</p>
				<dl>
					<div>
						<dt>診療科</dt>
						<dd>{sheet.specialties.map((one) => specialtyWords[one]).join('・')}</dd>
					</div>
					<div>
						<dt>所属</dt>
						<dd>{sheet.institution === '' ? <span className="fill-in">　　　　　　</span> : sheet.institution}</dd>
					</div>
					<div>
						<dt>電話</dt>
						<dd>{sheet.phone ?? <span className="fill-in">　　　　　　</span>}</dd>
					</div>
					<div>
						<dt>診察</dt>
						<dd>{sheet.calls.length}件</dd>
					</div>
				</dl>
			</header>
			<table className="sheet-stops sheet-calls">
				<colgroup>
					<col style={{ width: '26mm' }} />
					<col style={{ width: '42mm' }} />
					<col style={{ width: '36mm' }} />
					<col />
					<col style={{ width: '26mm' }} />
				</colgroup>
				<SheetThead columns={5} words={`${sheet.name.ja} 医師　${dayWord(day.date)}`}>
					<tr>
						<th scope="col">時刻</th>
						<th scope="col">患者</th>
						<th scope="col">内容</th>
						<th scope="col">車両・場所・連絡先</th>
						<th scope="col">記録</th>
					</tr>
				</SheetThead>
				<tbody>
					{sheet.calls.map((call) => (
						<tr key={call.visit} className="sheet-visit">
							<td>
								{formatTime(call.from)}～{formatTime(call.to)}
							</td>
							<td>
								{call.patient === null ? (
									<strong>訪問 {call.visit}：記録なし</strong>
								) : (
									<>
										<b>
											{call.patient.name.family} {call.patient.name.given}
										</b>
										<br />
										{call.patient.age}歳 {sexWords[call.patient.sex]}
										{call.patient.note !== '' && (
											<>
												<br />※{call.patient.note}
											</>
										)}
									</>
								)}
							</td>
							<td>
								{needWord(call.need)}
								{call.note !== '' && (
									<>
										<br />※{call.note}
									</>
								)}
							</td>
							<td>
								<b>{call.vehicleName}</b>　{call.municipality?.ja} {call.place.ja}
								<br />
								{call.nurse === null ? (
									<span className="fill-in">　　　　　　</span>
								) : (
									`${call.nurse.name} ${call.nurse.phone ?? '（電話なし）'}`
								)}
							</td>
							<td className="sheet-done">□ 済　□ 否</td>
						</tr>
					))}
				</tbody>
			</table>
			<SheetFoot day={day} />
		</article>
	);
}
