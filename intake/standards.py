"""What other systems call a problem code: ICD-10, Gravity SDOH, OSCC group, Child Protection Act.

The mapping is the code book's and a proposal like it. It goes with every coded problem, so that a
hospital, a centre or a researcher need not map codes again.
"""

from __future__ import annotations

from intake.schemas import Equivalent, Standards
from knowledge_base.codebook import Codebook


def standards_of(code: str, codebook: Codebook) -> Standards:
    """The standards of a code; all empty for an unknown one."""
    known = codebook.codes.get(code)
    if known is None:
        return Standards()
    group = known.oscc_group
    named = Equivalent(code=str(group), title=codebook.oscc_groups[group]) if group else None
    return Standards(
        icd10=tuple(Equivalent(code=i.code, title=i.title) for i in known.icd10_who),
        gravity_sdoh=known.gravity_domain,
        oscc_group=named,
        cpa_sections=known.cpa_sections,
    )
