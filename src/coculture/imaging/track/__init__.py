"""Who is who from frame to frame: detections linked into tracks, with gaps, divisions and drift."""
