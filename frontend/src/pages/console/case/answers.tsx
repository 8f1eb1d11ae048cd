/** Answers to the questions that a kind of matter asks; and what other programs linked to. */

import type { Report } from '../types';
import { c } from '../words';

function Links({ to }: { to: string[] }) {
  return to.map((address) => (
    <p key={address}>
      <a href={address} target="_blank" rel="noreferrer noopener">
        {address}
      </a>
    </p>
  ));
}

export function Answers({ report: { answers, links } }: { report: Report }) {
  const all = [
    ...answers.map(({ title, text }) => [title, text] as const),
    ...(links.length ? [[c.links, <Links key={c.links} to={links} />] as const] : []),
  ];
  if (!all.length) return null;
  return (
    <dl class="facts">
      {all.map(([title, said]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}
