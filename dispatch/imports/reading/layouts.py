"""The four sheets a group brings: their columns, in the words English and Spanish sheets use."""

from dispatch.imports.reading.tables import Layout

_SOME_MEGABYTES = 4_000_000

REQUESTS = Layout(
    columns={
        "date": ("Date", "Day", "Service day", "Ride date", "Fecha", "Día"),
        "family": (
            "Family",
            "Family number",
            "Family no",
            "Family ID",
            "Familia",
            "Número de familia",
        ),
        "contact": ("Contact", "Contact name", "Name", "Contacto", "Nombre"),
        "language": ("Language", "Languages", "Idioma", "Lengua"),
        "phone": ("Phone", "Phone number", "Telephone", "Tel", "Mobile", "Teléfono", "Celular"),
        "home": (
            "Home",
            "Address",
            "Home address",
            "From",
            "Pickup",
            "Domicilio",
            "Dirección",
            "Casa",
            "Desde",
        ),
        "to": ("To", "Destination", "Going to", "Drop-off", "Destino", "Hasta", "Adónde"),
        "appointment": (
            "Appointment",
            "Appointment time",
            "Time",
            "Arrive by",
            "Cita",
            "Hora",
            "Hora de cita",
        ),
        "back": (
            "Back",
            "Return",
            "Return time",
            "Way back",
            "Vuelta",
            "Regreso",
            "Hora de regreso",
        ),
        "adults": ("Adults", "Adult", "Adultos"),
        "kids": ("Kids", "Children", "Child", "Niños", "Niñas y niños", "Menores"),
        "child_seats": (
            "Car seats",
            "Child seats",
            "Car seat",
            "Sillas",
            "Sillas infantiles",
            "Asientos infantiles",
        ),
        "wheelchair": ("Wheelchair", "Silla de ruedas"),
        "purpose": ("Purpose", "Reason", "Motivo", "Propósito"),
        "note": (
            "Note",
            "Notes",
            "Comment",
            "Comments",
            "Remarks",
            "Nota",
            "Notas",
            "Comentarios",
            "Observaciones",
        ),
    },
    required=frozenset({"date", "family", "home", "to", "appointment", "back", "adults"}),
    most_rows=5_000,
    most_bytes=_SOME_MEGABYTES,
)

DRIVERS = Layout(
    columns={
        "name": ("Driver", "Name", "Driver name", "Conductor", "Conductora", "Chofer", "Nombre"),
        "email": ("Email", "E-mail address", "Mail", "Correo", "Correo electrónico"),
        "home": ("Home", "Address", "Home address", "Start", "Domicilio", "Dirección", "Casa"),
        "languages": ("Languages", "Language", "Idiomas", "Idioma"),
        "seats": ("Seats", "Seats for riders", "Asientos", "Plazas"),
        "child_seats": (
            "Car seats",
            "Child seats",
            "Car seat",
            "Sillas",
            "Sillas infantiles",
            "Asientos infantiles",
        ),
        "wheelchair": ("Wheelchair", "Silla de ruedas"),
        "most_minutes": (
            "Max min/day",
            "Max minutes a day",
            "Minutes per day",
            "Máx min/día",
            "Minutos al día",
        ),
        "most_rides": (
            "Max rides/week",
            "Max rides a week",
            "Rides per week",
            "Máx viajes/semana",
            "Viajes por semana",
        ),
        "mon": ("Mon", "Monday", "Lun", "Lunes"),
        "tue": ("Tue", "Tues", "Tuesday", "Mar", "Martes"),
        "wed": ("Wed", "Wednesday", "Mié", "Miércoles"),
        "thu": ("Thu", "Thur", "Thurs", "Thursday", "Jue", "Jueves"),
        "fri": ("Fri", "Friday", "Vie", "Viernes"),
        "sat": ("Sat", "Saturday", "Sáb", "Sábado"),
        "sun": ("Sun", "Sunday", "Dom", "Domingo"),
        "away": (
            "Away",
            "Days off",
            "Not available",
            "Holidays",
            "Ausente",
            "Ausencias",
            "Días libres",
        ),
    },
    required=frozenset({"name", "email", "home", "seats"}),
    most_rows=5_000,
    most_bytes=_SOME_MEGABYTES,
)

PLACES = Layout(
    columns={
        "name": ("name", "Place", "Nombre", "Lugar"),
        "kind": ("kind", "Type", "Category", "Tipo", "Clase"),
        "lat": ("lat", "Latitude", "Latitud"),
        "lon": ("lon", "lng", "long", "Longitude", "Longitud"),
        "house_number": ("house_number", "Number", "Número"),
        "street": ("street", "Calle"),
    },
    required=frozenset({"name", "lat", "lon"}),
    most_rows=50_000,
    most_bytes=4 * _SOME_MEGABYTES,
)

ADDRESSES = Layout(
    columns={
        "house_number": ("house_number", "Number", "Número"),
        "street": ("street", "Calle"),
        "city": ("city", "Town", "Ciudad", "Municipio"),
        "postcode": ("postcode", "Postal code", "ZIP", "Código postal"),
        "lat": ("lat", "Latitude", "Latitud"),
        "lon": ("lon", "lng", "long", "Longitude", "Longitud"),
    },
    required=frozenset({"house_number", "street", "lat", "lon"}),
    most_rows=200_000,
    most_bytes=10 * _SOME_MEGABYTES,
)
