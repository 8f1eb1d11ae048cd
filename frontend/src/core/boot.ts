/**
 * What the page shell says before any request: `<html data-county data-lang data-debug data-embed>`, and facts the server
 * knew anyway in `<script type="application/json" id="boot">`.
 */

import type { County, Me } from './types';

export type Lang = 'zh' | 'en';

interface Shell {
  csrf?: string;
  me?: Me | null;
  facts?: Omit<County, 'me'>;
}

const { county = '', lang, debug, embed } = document.documentElement.dataset;

function readShell(): Shell {
  const text = document.getElementById('boot')?.textContent;
  return text ? (JSON.parse(text) as Shell) : {};
}

const shell = readShell();

export const boot = {
  /** Code of the county that is shown; sent with every request. */
  county,
  lang: (lang?.startsWith('en') ? 'en' : 'zh') as Lang,
  /** The page stands in a frame of others: nobody is signed in there, whoever looks. */
  embed: embed !== undefined,
  debug: debug === '1' || debug === 'true',
  /** For writes of signed-in people; empty for visitors. */
  csrf: shell.csrf ?? '',
  me: shell.me ?? null,
  /** The county, so that the map starts one round trip earlier; null in a shell without it. */
  facts: shell.facts?.bbox ? ({ ...shell.facts, me: shell.me ?? null } as County) : null,
};
