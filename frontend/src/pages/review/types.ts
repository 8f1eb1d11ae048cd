/** Shapes of the review's API, under short names; and what its states mean to the page. */

import type { Schemas } from '../../core/types';

export type Card = Schemas['PointCardShape'];
export type Detail = Schemas['ChangePointDetailShape'];
export type SceneBrief = Schemas['SceneBriefShape'];
export type Next = Schemas['NextPointShape'];
export type Counts = Schemas['ReviewQueueCountsShape'];
export type Counted = Schemas['CountedShape'];
export type Options = Schemas['ReviewOptionsShape'];
export type Group = Schemas['PointGroupShape'];
export type Paper = Schemas['DocumentShape'];
export type Page = Schemas['ChangePointPageShape'];
export type Reviewed = Schemas['ReviewedShape'];
export type Verdict = 'change' | 'no_change' | 'unsure' | 'bad_imagery' | 'defer';
export type Runs = Schemas['RunListShape'];
export type Run = Schemas['RunRowShape'];
export type Line = Schemas['BatchLineShape'];
export type Order = Schemas['OrderRowShape'];
export type Review = Schemas['ReviewRowShape'];

/** States in which a point is to be looked at. */
export const QUEUE = ['queued', 'second_review'];
