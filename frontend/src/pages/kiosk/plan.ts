/** What this screen shows, as the server read it from the address (portal/kiosk.py). */

export interface PlanPlace {
  code: string;
  name: string;
  level: 'county' | 'township' | 'village';
  lon: number;
  lat: number;
}

export type ViewName = 'townships' | 'board' | 'counts';

export interface Plan {
  place: Omit<PlanPlace, 'lon' | 'lat'>;
  audience: '' | 'village' | 'community' | 'park';
  seconds: number;
  views: ViewName[];
  hall: string;
  /** What is shown one after the other. */
  places: PlanPlace[];
  /** Sentences about what the address asked for and could not be given. */
  notices: string[];
  /** Path of the county's public page. */
  home: string;
}

function read(): Plan {
  const text = document.getElementById('plan')?.textContent;
  if (!text) throw new Error('the page shell has no plan');
  return JSON.parse(text) as Plan;
}

export const plan = read();
