/** Answers to the questions that a kind of matter asks, in the words of its form; and what other programs linked to. */

import { useEffect } from 'preact/hooks';
import type { Question } from '../../../incidents/types';
import { categories, learnCategories } from '../categories';
import type { Report } from '../types';
import { c } from '../words';

/** Addresses that a client of Open311 named: nothing of them is ever fetched here. */
const LINKS = 'media_url';

function said(value: unknown, question?: Question): string {
  if (Array.isArray(value)) return value.map((one) => said(one, question?.items ?? question)).join(c.and);
  if (typeof value === 'boolean') return value ? c.yes : c.no;
  const at = question?.enum?.indexOf(value as string | number) ?? -1;
  return question?.enumNames?.[at] ?? String(value);
}

function Links({ to }: { to: string }) {
  return to.split(' ').map((address) => (
    <p key={address}>
      <a href={address} target="_blank" rel="noreferrer noopener">
        {address}
      </a>
    </p>
  ));
}

export function Answers({ report }: { report: Report }) {
  const given = Object.entries(report.attributes);
  useEffect(() => void learnCategories(), []);
  if (!given.length) return null;
  const questions = categories.value.find(({ code }) => code === report.category)?.attributes.properties;
  return (
    <dl class="facts">
      {given.map(([key, value]) => (
        <div key={key}>
          <dt>{key === LINKS ? c.links : (questions?.[key]?.title ?? key)}</dt>
          <dd>{key === LINKS ? <Links to={String(value)} /> : said(value, questions?.[key])}</dd>
        </div>
      ))}
    </dl>
  );
}
