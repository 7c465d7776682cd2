using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tallystick.Node.Web;

/// <summary>Turns components into HTML. Everything that is no markup of ours is escaped on the way.</summary>
internal sealed class PageRenderer(ILoggerFactory logs) : IDisposable
{
    /// <summary>What of a component a native build must keep, because it is found by its name: all.</summary>
    public const DynamicallyAccessedMemberTypes Kept = DynamicallyAccessedMemberTypes.All;

    private readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();

    /// <summary>Answers with a whole page.</summary>
    public async Task SendAsync<[DynamicallyAccessedMembers(Kept)] TPage, TModel>(
        HttpContext http, Visit visit, TModel model, int status = 200)
        where TPage : WholePage<TModel>
    {
        var html = await RenderAsync<TPage>(new()
        {
            [nameof(WholePage<>.Model)] = model,
            [nameof(WholePage<>.Visit)] = visit,
        });
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, http.RequestAborted);
    }

    /// <summary>The regions of a page that change while it is open.</summary>
    public Task<string> RenderAsync<[DynamicallyAccessedMembers(Kept)] TPart, TModel>(TModel model)
        where TPart : Part<TModel> =>
        RenderAsync<TPart>(new() { [nameof(Part<>.Model)] = model });

    public void Dispose() => services.Dispose();

    private async Task<string> RenderAsync<[DynamicallyAccessedMembers(Kept)] T>(
        Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
