/** What each move asks for; the server decides about all of it again. */

import { opened } from '../store';
import type { Move } from '../types';
import { c } from '../words';

export type Kind =
  | 'line'
  | 'text'
  | 'unit'
  | 'crew'
  | 'person'
  | 'category'
  | 'report'
  | 'days'
  | 'date'
  | 'reason'
  | 'ground'
  | 'checks'
  | 'photos'
  | 'place'
  | 'check'
  | 'tokens'
  | 'documents'
  | 'contact'
  | 'audience'
  | 'mode';

export interface Field {
  /** As the server calls it. */
  name: string;
  kind: Kind;
  label: string;
  optional?: boolean;
  longest?: number;
}

const REASON = 500;
const required = (name: string, kind: Kind, label: string, longest?: number): Field => ({
  name,
  kind,
  label,
  ...(longest && { longest }),
});
const may = (name: string, kind: Kind, label: string, longest?: number): Field => ({
  ...required(name, kind, label, longest),
  optional: true,
});

type Fields = () => Field[];

const why: Fields = () => [required('reason', 'text', c.f.reason, REASON)];
const question: Fields = () => [required('question', 'text', c.f.question, REASON)];
const called: Fields = () => [required('note', 'text', c.f.note, REASON), required('mode', 'mode', c.f.mode)];
/** Before acceptance the kind, the place and the words may still be put right; afterwards the unit works by them. */
const isEarly = () => ['submitted', 'need_info'].includes(opened.state.peek().data?.report?.state ?? '');
const corrections: Fields = () => [
  required('title', 'line', c.f.title, 60),
  ...(isEarly()
    ? [
        required('category', 'category', c.f.category),
        may('is_urgent', 'check', c.f.isUrgent),
        may('lonlat', 'place', c.f.where),
        required('text', 'text', c.f.told, 2000),
        may('contact', 'contact', c.contact),
      ]
    : []),
  may('address', 'line', c.f.address, 120),
  may('public_text', 'text', c.f.publicText, 2000),
];
const to = (): Field => required('unit', 'unit', c.f.unit);

const OF: Record<string, Fields> = {
  'report.accept': () => [required('category', 'category', c.f.category), may('unit', 'unit', c.f.unit)],
  'report.ask': question,
  'report.supplement': () => [required('text', 'text', c.f.supplement, 1000), may('photos', 'tokens', c.photos)],
  'report.comment': () => [required('text', 'text', c.f.remark, 1000), required('audience', 'audience', c.f.audience)],
  'report.edit': corrections,
  'report.publish': () => [],
  'report.call': () => [required('mode', 'mode', c.f.mode)],
  'report.call_missed': called,
  'report.reopen': () => [...why(), may('photos', 'tokens', c.photos)],
  'report.confirm': () => [may('text', 'text', c.f.words, REASON)],
  'report.reject': () => [
    required('reason', 'ground', c.f.legalReason),
    required('where_to_go', 'text', c.f.whereToGo, 200),
  ],
  'report.merge': () => [required('into', 'report', c.f.into)],
  'report.call_back': called,
  'report.call_back_reopen': called,
  'order.assign': () => [to(), may('assignee', 'person', c.f.person), may('crew', 'crew', c.f.crew)],
  'order.hand_back': () => [
    required('reason', 'text', c.f.reason, REASON),
    required('evidence', 'text', c.f.evidence, REASON),
    may('lonlat', 'place', c.f.place),
  ],
  'order.arbitrate': () => [required('unit', 'unit', c.f.bindingUnit), ...why()],
  'order.ask': question,
  'order.forward': () => [
    required('agency', 'line', c.f.agency, 60),
    ...why(),
    required('agency_due_on', 'date', c.f.agencyDue),
  ],
  'order.submit': () => [
    required('reply', 'text', c.f.reply, 4000),
    may('photos', 'photos', c.f.photos),
    may('documents', 'documents', c.f.documents),
    may('reason_code', 'reason', c.f.reasonCode),
  ],
  'order.approve': () => [required('checklist', 'checks', c.f.checklist)],
  'order.child': () => [to(), required('title', 'line', c.f.task, 80)],
  'order.extend': () => [required('workdays', 'days', c.f.workdays), ...why()],
  'order.grant': () => [may('workdays', 'days', c.f.fewerDays), may('note', 'text', c.f.note, REASON)],
  'order.supervise': () => [required('text', 'text', c.f.demand, 1000), required('workdays', 'days', c.f.answerIn)],
};

/** Fields of a move: its own, or a plain one for each thing that it needs. */
export function fieldsOf(of: string, { name, needs }: Move): Field[] {
  return (
    OF[`${of}.${name}`]?.() ??
    needs.map((need) => required(need, 'text', (c.f as Record<string, string>)[need] ?? need, REASON))
  );
}
