using Tallystick.Node.Web.Payments;

namespace Tallystick.Node.Web.Overview;

/// <summary>The overview and what stands in its form.</summary>
public sealed record OverviewView(OverviewModel Overview, PayFormModel Form);
