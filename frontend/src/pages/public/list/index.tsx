import type { ComponentType } from 'preact';

function List() {
  return null;
}

export async function load(): Promise<ComponentType> {
  return List;
}
