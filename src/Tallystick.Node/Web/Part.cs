using Microsoft.AspNetCore.Components;

namespace Tallystick.Node.Web;

/// <summary>A piece of a page: a picture of its model, and nothing else.</summary>
public abstract class Part<TModel> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public required TModel Model { get; set; }
}

/// <summary>A whole page.</summary>
public abstract class WholePage<TModel> : Part<TModel>
{
    [Parameter]
    [EditorRequired]
    public required Visit Visit { get; set; }
}
