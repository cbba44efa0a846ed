"""Identity and logP from a structure, with RDKit where it is installed (``pip install 'coculture[structures]'``).

Nothing else needs it: the library's files hold what was computed with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coculture.errors import InputError, MissingExtraError


@dataclass(frozen=True)
class Structure:
    """What a structure says.

    Attributes
    ----------
    inchikey, formula : identity.
    molar_mass_g_per_mol : average molar mass.
    log_p : estimate of Wildman & Crippen 1999, J Chem Inf Comput Sci 39:868.
    """

    inchikey: str
    formula: str
    molar_mass_g_per_mol: float
    log_p: float


def read_structure(smiles: str) -> Structure:
    """Return identity and logP of a SMILES text.

    Raises
    ------
    MissingExtraError : if RDKit is not installed; it names the command that brings it.
    InputError : if the text is no SMILES.
    """
    chemistry = _rdkit()
    molecule = chemistry.MolFromSmiles(smiles) if smiles.strip() else None
    if molecule is None:
        raise InputError(f"cannot read the structure '{smiles}'", "smiles", "write it as SMILES: 'CS(=O)C'")
    from rdkit.Chem import Crippen, Descriptors, rdMolDescriptors

    return Structure(
        chemistry.MolToInchiKey(molecule),
        rdMolDescriptors.CalcMolFormula(molecule),
        float(Descriptors.MolWt(molecule)),
        float(Crippen.MolLogP(molecule)),
    )


def _rdkit() -> Any:
    try:
        from rdkit import Chem, RDLogger
    except ImportError:
        raise MissingExtraError.for_extra("rdkit", "structures", "reading a chemical structure") from None
    RDLogger.DisableLog("rdApp.*")
    return Chem
