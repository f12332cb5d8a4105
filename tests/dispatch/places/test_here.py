"""The geocoder of the running application."""

from dispatch.places.here import gazetteer
from dispatch.places.importing import import_file
from tests.dispatch.places.gazetteer.conftest import silent
from tests.dispatch.places.gazetteer.town import grand_bend


def test_what_is_imported_while_the_application_runs_is_found_at_once(app, settings, tmp_path):
    with app.app_context():
        assert not gazetteer().is_there
        extract = grand_bend().write(tmp_path / "town.osm.pbf")
        import_file(extract, settings.data_dir, silent, products={})
        assert gazetteer().find("1243 Quarry St, Ada")
        assert gazetteer() is gazetteer()
