"""The sources of the methods, by the name a recipe calls a method."""

from __future__ import annotations

CITATIONS: dict[str, str] = {
    "z-prime": (
        "Zhang JH, Chung TDY, Oldenburg KR (1999). A simple statistical parameter for use in evaluation and validation of high "
        "throughput screening assays. J Biomol Screen 4:67–73. doi:10.1177/108705719900400206"
    ),
    "ssmd": (
        "Zhang XD (2007). A pair of new statistical parameters for quality control in RNA interference high-throughput screening "
        "assays. Genomics 89:552–561. doi:10.1016/j.ygeno.2006.12.014"
    ),
    "fdr": (
        "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful approach to multiple "
        "testing. J R Stat Soc B 57:289–300. doi:10.1111/j.2517-6161.1995.tb02031.x"
    ),
    "moderated-t": (
        "Smyth GK (2004). Linear models and empirical Bayes methods for assessing differential expression in microarray "
        "experiments. Stat Appl Genet Mol Biol 3:3. doi:10.2202/1544-6115.1027"
    ),
    "robust-errors": (
        "MacKinnon JG, White H (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite "
        "sample properties. J Econom 29:305–325. doi:10.1016/0304-4076(85)90158-7"
    ),
    "mixed-model": (
        "Bates D, Mächler M, Bolker B, Walker S (2015). Fitting linear mixed-effects models using lme4. J Stat Softw 67:1–48. "
        "doi:10.18637/jss.v067.i01"
    ),
    "most-variable-dose": "Herbst SA, Kim V et al. (2023). Blood Adv 7:5925, whose rule this is.",
    "b-score": (
        "Brideau C, Gunter B, Pikounis B, Liaw A (2003). Improved statistical methods for hit selection in high-throughput "
        "screening. J Biomol Screen 8:634–647. doi:10.1177/1087057103258285"
    ),
    "loess": (
        "Cleveland WS, Devlin SJ (1988). Locally weighted regression: an approach to regression analysis by local fitting. "
        "J Am Stat Assoc 83:596–610. doi:10.1080/01621459.1988.10478639"
    ),
    "well-correction": (
        "Makarenkov V et al. (2007). An efficient method for the detection and elimination of systematic error in "
        "high-throughput screening. Bioinformatics 23:1648–1657. doi:10.1093/bioinformatics/btm145"
    ),
    "watershed": (
        "Beucher S, Meyer F (1993). The morphological approach to segmentation: the watershed transformation. In: Mathematical "
        "Morphology in Image Processing, 433–481."
    ),
    "propagation": (
        "Jones TR, Carpenter AE, Golland P (2005). Voronoi-based segmentation of cells on image manifolds. LNCS 3765:535–543. "
        "doi:10.1007/11569541_54"
    ),
    "basic": (
        "Peng T et al. (2017). A BaSiC tool for background and shading correction of optical microscopy images. Nat Commun "
        "8:14836. doi:10.1038/ncomms14836"
    ),
    "cellpose": (
        "Stringer C, Wang T, Michaelos M, Pachitariu M (2021). Cellpose: a generalist algorithm for cellular segmentation. Nat "
        "Methods 18:100–106. doi:10.1038/s41592-020-01018-x"
    ),
    "stardist": (
        "Schmidt U, Weigert M, Broaddus C, Myers G (2018). Cell detection with star-convex polygons. LNCS 11071:265–273. "
        "doi:10.1007/978-3-030-00934-2_30"
    ),
    "join-counts": "Cliff AD, Ord JK (1981). Spatial Processes: Models and Applications. Pion, London.",
    "fuerth": (
        "Fürth R (1920). Die Brownsche Bewegung bei Berücksichtigung einer Persistenz der Bewegungsrichtung. Z Physik 2:244–256. "
        "doi:10.1007/BF01328731"
    ),
    "rayleigh": "Zar JH (2010). Biostatistical Analysis, 5th edition, chapter 27. Pearson, Upper Saddle River.",
    "intersection-union": (
        "Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24:295–300."
    ),
    "zip": (
        "Yadav B et al. (2015). Searching for drug synergy in complex dose–response landscapes using an interaction potency "
        "model. Comput Struct Biotechnol J 13:504–513. doi:10.1016/j.csbj.2015.09.001"
    ),
    "bliss": "Bliss CI (1939). The toxicity of poisons applied jointly. Ann Appl Biol 26:585–615.",
    "hsa": "Berenbaum MC (1989). What is synergy? Pharmacol Rev 41:93–141.",
    "loewe": (
        "Loewe S, Muischnek H (1926). Über Kombinationswirkungen. Naunyn-Schmiedebergs Arch Exp Pathol Pharmakol 114:313–326."
    ),
    "musyc": (
        "Meyer CT et al. (2019). Quantifying drug combination synergy along potency and efficacy axes. Cell Syst 8:97–108. "
        "doi:10.1016/j.cels.2019.01.003"
    ),
    "synergyfinder": (
        "Zheng S et al. (2022). SynergyFinder Plus: toward better interpretation and annotation of drug combination screening "
        "datasets. Genomics Proteomics Bioinformatics 20:587–596. doi:10.1016/j.gpb.2022.01.004"
    ),
    "median-effect": (
        "Chou TC, Talalay P (1984). Quantitative analysis of dose-effect relationships: the combined effects of multiple drugs "
        "or enzyme inhibitors. Adv Enzyme Regul 22:27–55. doi:10.1016/0065-2571(84)90007-4"
    ),
    "grey-relation": "Deng JL (1982). Control problems of grey systems. Syst Control Lett 1:288–294.",
    "vip": (
        "Wold S, Sjöström M, Eriksson L (2001). PLS-regression: a basic tool of chemometrics. Chemom Intell Lab Syst 58:109–130."
    ),
    "selectivity-ratio": (
        "Kvalheim OM (2010). Interpretation of partial least squares regression models by means of target projection and "
        "selectivity ratio plots. J Chemom 24:496–504."
    ),
    "elastic-net": (
        "Zou H, Hastie T (2005). Regularization and variable selection via the elastic net. J R Stat Soc B 67:301–320."
    ),
    "max-t": "Westfall PH, Young SS (1993). Resampling-Based Multiple Testing. Wiley, New York.",
}
