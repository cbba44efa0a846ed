"""A 100 nm polymer carrier at 10 µg/mL for a day: in a well, and in a perfused chamber."""

from coculture.chip.particles.dose import perfused_dose, static_dose
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.slice import Perfusion

medium = Medium(temperature_k=310.15, viscosity_mpa_s=0.69, density_kg_per_m3=1000)
carrier = Particle(diameter_nm=100, density_kg_per_m3=1100)

well = static_dose(carrier, medium, concentration_ug_per_ml=10, height_um=3100, minutes=1440)
channel = static_dose(carrier, medium, concentration_ug_per_ml=10, height_um=100, minutes=1440)
chamber = Perfusion(length_um=10_000, depth_um=100, mean_velocity_um_per_min=6000)
flow = perfused_dose(carrier, medium, concentration_ug_per_ml=10, chamber=chamber, minutes=1440)

for name, dose in (("well, 3.1 mm", well), ("still channel, 0.1 mm", channel), ("perfused, 0.1 mm", flow)):
    print(
        f"{name:22} administered {dose.administered.mass_ug_per_cm2:6.2f} delivered {dose.delivered.mass_ug_per_cm2:6.2f} µg/cm²"
        f" ({dose.fraction:.1%})"
    )
