"""What translators do: see what is left, exchange it with their tools, say what they looked at.

    parsers     what can be typed after `checklist translate`
    commands    what that does, over all that follows
    reports     what is left, as tables and lists, and what changed in one original
    reviewing   what people say about translations, as changes to the record

    PO there                  exporting → po
    PO and back               scanner → po → decisions → inspection → plans → importing
    what is written           scalars → splice (YAML), catalogs (interface strings)

    a further language        offers, stubs, insertion → configuration → languages → building
    a made-up language        accents → pseudo → building

`plans` holds all that an import would do before any of it is done. Files are replaced whole
(`checklist.atomic`), and nothing in them changes but what was asked for.
"""
