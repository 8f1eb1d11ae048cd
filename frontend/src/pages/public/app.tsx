/** The public page: map, layers, search, and the panel of what is selected. */

import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { boot } from '../../core/boot';
import { shortName } from '../../core/format';
import { t } from '../../core/i18n';
import { Brand, Icon } from '../../core/icons/Icon';
import { partLoader } from '../../core/load';
import { roomy, wide } from '../../core/media';
import { KeptNote, LoadNote, Waiting } from '../../core/ui/Notes';
import { Tools } from '../../core/ui/Tools';
import { Toast } from '../../core/ui/toast';
import { base, listed, type Selection, select, selection, view } from '../../core/url';
import { MapControls, MapFoot } from '../../map/controls';
import { Sheet } from '../../panel/Sheet';
import { act, MeasureButton, ShareButton } from './act';
import { Home } from './home';
import { LayerCard, LayerChips } from './layer-card';
import { MapPane, metresPerPixel } from './map-pane';
import { VIEWS } from './nav';
import { Search } from './search';
import { isPlace, shapeOfSelection, showRow } from './selected';
import { baseMap, below, county, homeDetent, layerOf, layersOpen, mapView, panelDetent } from './store';
import { FilterHint, ReportLink, Tabs, ViewPane } from './views';

const panelPart = partLoader(async () => {
  const part = await import('../../panel');
  await part.loadWords();
  return part;
});

const brandName = () => {
  const name = county.state.value.data?.name ?? '';
  return name && t.title(shortName(name));
};

function DemoBadge() {
  return county.state.value.data?.is_demo ? <span class="demo">{t.demo}</span> : null;
}

function TopBar() {
  return (
    <header class="top">
      <a class="brand" href={base()}>
        <Brand size={30} />
        {brandName()}
      </a>
      <DemoBadge />
      <Tabs />
      <Tools compact={!roomy.value}>
        <ShareButton compact={!roomy.value} />
      </Tools>
      <ReportLink />
    </header>
  );
}

/** What was opened has its place at once, and can be closed; the part of the page that draws it is on its way. */
function Opening() {
  return (
    <Sheet
      label={t.loading}
      detent={panelDetent}
      head={
        <div class="phead">
          <h1 class="grow">
            <Waiting />
          </h1>
          <button type="button" class="x" aria-label={t.close} onClick={() => select(null)}>
            <Icon name="close" />
          </button>
        </div>
      }
    >
      <div class="notes">
        <LoadNote what={t.contents} load={panelPart.state.value} again={() => void panelPart.again()} />
      </div>
    </Sheet>
  );
}

function Selected({ now, opened }: { now: Selection; opened: boolean }) {
  const part = panelPart.state.value.data;
  if (!part) return <Opening />;
  const share = boot.embed ? undefined : (title: string) => act('share', title);
  const header = wide.value && (
    <div class="sidesearch">
      <Search flat />
    </div>
  );
  if (isPlace(now.kind)) {
    return (
      <part.PlacePanel
        code={now.id}
        known={shapeOfSelection.value?.title}
        detent={panelDetent}
        opened={opened}
        header={header}
        share={share}
      />
    );
  }
  return (
    <part.FeaturePanel
      layer={layerOf(now.kind)}
      kind={now.kind}
      id={now.id}
      detent={panelDetent}
      opened={opened}
      header={header}
      share={share}
      onFeature={(feature) => showRow(now.kind, feature)}
    />
  );
}

function Panel() {
  const atStart = useRef(selection.value);
  const now = selection.value;
  useSignalEffect(() => {
    if (!selection.value) return;
    if (panelDetent.peek() === 'peek') panelDetent.value = 'half';
    if (!panelPart.state.peek().data) void panelPart.load('');
  });
  if (now) return <Selected now={now} opened={now !== atStart.current} />;
  if (view.value in VIEWS) return <ViewPane />;
  return boot.embed ? null : <Home />;
}

function Hud() {
  return (
    <div class="hud only-p">
      <Search lead={<Brand size={28} />} tail={<DemoBadge />} />
      {!selection.value && <LayerChips />}
      <FilterHint />
    </div>
  );
}

/** What takes the place beside the map: its width depends on it. */
const beside = () => {
  if (selection.value || !(view.value in VIEWS)) return 'map';
  // A phone shows the board's table or its map.
  return !wide.value && view.value === 'board' && listed.in.value === 'map' ? 'map view-areas' : view.value;
};

export function App() {
  const load = county.state.value;
  const here = load.data;
  const Below = below.value;
  return (
    <>
      <button type="button" class="skip" onClick={skipToMap}>
        {t.skip}
      </button>
      {wide.value && !boot.embed && <TopBar />}
      <KeptNote />
      <main class={`stage sheet-${(selection.value ? panelDetent : homeDetent).value} view-${beside()}`}>
        {here?.bbox ? <MapPane county={here} bbox={here.bbox} /> : <div class="map" />}
        {wide.value ? <FilterHint /> : <Hud />}
        <LayerCard />
        <MapControls
          zoomBy={(steps) => mapView.value?.zoomBy(steps)}
          locate={() => act('locate')}
          layersOpen={layersOpen.value}
          layers={() => {
            layersOpen.value = !layersOpen.value;
          }}
        >
          {wide.value && <MeasureButton />}
        </MapControls>
        {here && <MapFoot base={baseMap.value} illustrative={here.cells_illustrative} mpp={metresPerPixel.value} />}
        {!here && (
          <div class="fatal">
            <LoadNote what={t.map} load={load} again={() => void county.again()} />
          </div>
        )}
        <Panel />
        <Toast />
      </main>
      {!wide.value && !selection.value && !boot.embed && <Tabs icons />}
      {Below && <Below />}
    </>
  );
}

/** A button, not a link: the hash is the map's view. */
function skipToMap(): void {
  document.getElementById('map')?.focus();
}
