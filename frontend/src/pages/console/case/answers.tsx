/** Answers to the questions that a kind of matter asks. */

import { useEffect } from 'preact/hooks';
import { categories, learnCategories } from '../categories';
import type { Report } from '../types';
import { c } from '../words';

function said(value: unknown): string {
  if (typeof value === 'boolean') return value ? c.yes : c.no;
  return Array.isArray(value) ? value.join('、') : String(value);
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
          <dt>{questions?.[key]?.title ?? key}</dt>
          <dd>{said(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
